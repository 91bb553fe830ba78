/// 表: a table of the year as a grid; typed, pasted from Excel, ○ by a click; saved as the file it was.
import { useRef } from "preact/hooks";
import type { Shown } from "./engine";
import { FileChoice } from "./files";
import type { Props } from "./page";
import type { Store } from "./state";

const MARK = "○";
const NUMBER = /^-?[0-9,]+(\.[0-9]+)?$/;
const NEW_ROWS = 5;
const NEW_COLUMNS = 1;
const LAST = Number.MAX_SAFE_INTEGER;

export function Tables({ store }: Props) {
  const { tables, table, grid, checked } = store.state;
  const wrong = checked?.problems.filter((one) => one.place.file === table && one.place.cell) ?? [];
  return (
    <section>
      <h2>表</h2>
      <FileChoice
        store={store}
        label="表"
        name="表を選ぶ"
        files={tables.map(({ file, title }) => ({ file, words: `${title}（${file}）` }))}
        chosen={table}
        choose={(file) => void store.lay(file)}
      />
      <p class="words">
        欄を押すか、矢印キーで移り、文字を打つか Enter で直します。Excel から貼り付けられます。名簿の欄は、空白キーで {MARK}{" "}
        が付き、消えます。補正や決算額の列は、右の空いた列に見出しから書きます。
      </p>
      {grid && <Grid key={table} store={store} grid={grid} wrong={new Map(wrong.map((one) => [one.place.cell, one.what]))} />}
      {wrong.map((one, number) => (
        <p key={number} class="verdict bad">
          {one.code} {one.place.cell}: {one.what} {one.fix}
        </p>
      ))}
    </section>
  );
}

function Grid({ store, grid, wrong }: { store: Store; grid: Shown; wrong: Map<string, string> }) {
  const body = useRef<HTMLTableElement>(null);
  const typed = store.state.cells[store.state.table] ?? {};
  const filled = Object.keys(typed).map((at) => Number(at.split(" ")[1]));
  const wide = Math.max(...grid.rows.map((row) => row.cells.length), ...filled) + NEW_COLUMNS;
  const last = grid.rows[grid.rows.length - 1]?.row ?? 0;
  const rows = new Map(grid.rows.map((row) => [row.row, row.cells]));
  const numbers = [...rows.keys()];
  for (let more = 1; more <= NEW_ROWS; more++) numbers.push(last + more);
  const heading = numbers[0] ?? 1;
  const text = (row: number, column: number): string =>
    typed[`${row} ${column}`] ?? rows.get(row)?.[column - 1]?.text ?? "";

  const to = (row: number, column: number): void =>
    body.current
      ?.querySelector<HTMLElement>(`[data-at="${Math.max(row, heading)} ${Math.min(Math.max(column, 1), wide)}"]`)
      ?.focus();
  const moved = (event: KeyboardEvent, row: number, column: number): boolean => {
    const at = numbers.indexOf(row);
    const steps: Record<string, [number, number]> = {
      ArrowUp: [numbers[at - 1] ?? row, column],
      ArrowDown: [numbers[at + 1] ?? row, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [row, 1],
      End: [row, LAST],
    };
    const step = steps[event.key];
    if (step) to(...step);
    return !!step;
  };
  const key = (event: KeyboardEvent, row: number, column: number): void => {
    const cell = event.currentTarget as HTMLElement;
    if (moved(event, row, column)) event.preventDefault();
    else if (event.key === " " && row !== heading && ["", MARK].includes(text(row, column))) {
      event.preventDefault();
      void store.fill([[row, column, text(row, column) ? "" : MARK]]);
    } else if (event.key === "Delete") void store.fill([[row, column, ""]]);
    else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      edit(cell, row, column, text(row, column));
    } else if (event.key === "Process") {
      edit(cell, row, column, ""); // a Japanese input method begins: it writes where the focus is now
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      edit(cell, row, column, event.key);
    }
  };
  /// An input in the place of the cell, until Enter, Tab or a look elsewhere.
  const edit = (cell: HTMLElement, row: number, column: number, first: string): void => {
    const was = text(row, column);
    const field = document.createElement("input");
    field.value = first;
    field.setAttribute("aria-label", `${cell.getAttribute("aria-label") ?? ""} を直す`);
    field.size = Math.max(was.length, 6) + 2;
    let done = false;
    const finish = (keep: boolean): void => {
      if (done) return;
      done = true;
      field.remove();
      cell.classList.remove("edited");
      if (keep && field.value !== was) void store.fill([[row, column, field.value]]);
    };
    field.onblur = () => finish(true);
    field.onkeydown = (event) => {
      event.stopPropagation();
      if (event.isComposing) return; // a Japanese input method uses Enter for itself
      if (event.key === "Enter" || event.key === "Escape") {
        event.preventDefault();
        finish(event.key === "Enter");
        if (event.key === "Enter") to(numbers[numbers.indexOf(row) + 1] ?? row, column);
        else cell.focus();
      }
    };
    cell.classList.add("edited");
    cell.append(field);
    field.focus();
  };
  const paste = (event: ClipboardEvent, row: number, column: number): void => {
    const lines = event.clipboardData?.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/);
    if (!lines?.length || (event.target as HTMLElement).tagName === "INPUT") return;
    event.preventDefault();
    const at = numbers.indexOf(row);
    void store.fill(
      lines.flatMap((line, down) =>
        line
          .split("\t")
          .map((value, right): [number, number, string] => [
            numbers[at + down] ?? row + down,
            column + right,
            value,
          ]),
      ),
    );
  };
  return (
    <div class="sheet edit">
      <table ref={body} role="grid" aria-label={store.state.table}>
        <tbody>
          {numbers.map((row) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {Array.from({ length: wide }, (_, place) => {
                const column = place + 1;
                const name = rows.get(row)?.[place]?.cell ?? "";
                const value = text(row, column);
                const kinds = [
                  row === heading && "heading",
                  NUMBER.test(value) && "number",
                  `${row} ${column}` in typed && "moved",
                  wrong.has(name) && "marked",
                ];
                return (
                  <td
                    key={column}
                    role="gridcell"
                    data-at={`${row} ${column}`}
                    aria-label={`${name || `${row}行 ${column}列`} ${value}`}
                    title={wrong.get(name)}
                    tabIndex={row === heading && column === 1 ? 0 : -1}
                    class={kinds.filter(Boolean).join(" ")}
                    onKeyDown={(event) => key(event, row, column)}
                    onPaste={(event) => paste(event, row, column)}
                    onDblClick={(event) => edit(event.currentTarget, row, column, value)}
                  >
                    {value}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
