/// A place in a rule text or a table: as a word to press, and as the file with the place marked.
import type { Place, Shown } from "./engine";
import type { Props } from "./page";
import type { Store } from "./state";

export function Spot({ store, place }: { store: Store; place: Place }) {
  if (!place.file || !/\.(txt|csv|xlsx)$/i.test(place.file)) return <span>{place.words}</span>;
  return (
    <button type="button" class="spot" onClick={() => void store.show(place)}>
      {place.words}
    </button>
  );
}

function toTheMark(element: HTMLElement | null): void {
  const sheet = element?.closest(".sheet");
  if (!element || !sheet) return;
  const [own, whole] = [element.getBoundingClientRect(), sheet.getBoundingClientRect()];
  sheet.scrollTop += own.top - whole.top - whole.height / 3;
  sheet.scrollLeft += own.left - whole.left - whole.width / 3;
}

export function PlacePane({ store }: Props) {
  const { at, shown } = store.state.place!;
  return (
    <aside aria-label="場所">
      <header>
        <h3>{at.file}</h3>
        <button type="button" onClick={() => store.set({ place: null })}>
          閉じる
        </button>
      </header>
      <div class="sheet" key={at.words} tabIndex={0} role="region" aria-label={at.file}>
        {shown.kind === "text" ? <Text at={at} shown={shown} /> : <Table at={at} shown={shown} />}
      </div>
    </aside>
  );
}

function Text({ at, shown }: { at: Place; shown: Shown }) {
  return (
    <ol class="text">
      {shown.lines.map((line, number) =>
        number + 1 === at.line ? (
          <li key={number} class="marked" ref={toTheMark}>
            {line || " "}
          </li>
        ) : (
          <li key={number}>{line || " "}</li>
        ),
      )}
    </ol>
  );
}

function Table({ at, shown }: { at: Place; shown: Shown }) {
  return (
    <table>
      <tbody>
        {shown.rows.map((row) => (
          <tr key={row.row}>
            <th scope="row">{row.row}</th>
            {row.cells.map((cell) =>
              cell.cell === at.cell ? (
                <td key={cell.cell} class="marked" ref={toTheMark}>
                  {cell.text}
                </td>
              ) : (
                <td key={cell.cell}>{cell.text}</td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
