"""負担金一覧: one module a sheet; `book` lists them."""
