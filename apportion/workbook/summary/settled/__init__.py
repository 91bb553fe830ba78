"""精算一覧: one module a sheet; `book` lists them."""
