/// 金額: members × 事業; a click on an amount asks why.
import { NoAmounts } from "./checks";
import type { Amounts as Answer } from "./engine";
import type { Props } from "./page";

type Member = Answer["members"][number];

export function yen(value: number): string {
  return `${value < 0 ? "△" : ""}${Math.abs(value).toLocaleString("ja-JP")}`;
}

/// Column 0: the code, then one for each 事業, the last the total.
function value(member: Member, column: number): number | string {
  if (column === 0) return member.code;
  return column > member.yen.length ? member.total : (member.yen[column - 1] ?? -1);
}

export function Amounts({ store }: Props) {
  const { amounts, sorted, sought } = store.state;
  if (!amounts) return <NoAmounts store={store} title="金額" />;
  const headings = ["団体", ...amounts.projects.map((project) => project.name), "合計"];
  const sign = sorted.down ? -1 : 1;
  const rows = amounts.members
    .filter((member) => `${member.code} ${member.name}`.includes(sought.trim()))
    .sort((one, other) => {
      const [a, b] = [value(one, sorted.by), value(other, sorted.by)];
      return a === b ? 0 : (a < b ? -1 : 1) * sign;
    });
  return (
    <section>
      <h2>
        金額　{amounts.label}　{yen(amounts.total)}円
      </h2>
      <p>
        突合 {amounts.equations} 式、差のある式 {amounts.differences}。金額を押すと、なぜその額かを説明します。
      </p>
      <p>
        <label>
          団体をさがす{" "}
          <input
            type="search"
            value={sought}
            onInput={(event) => store.set({ sought: event.currentTarget.value })}
          />
        </label>{" "}
        {rows.length} 団体
      </p>
      <table class="amounts">
        <thead>
          <tr>
            {headings.map((heading, column) => (
              <th
                key={heading}
                scope="col"
                aria-sort={sorted.by !== column ? "none" : sorted.down ? "descending" : "ascending"}
              >
                <button
                  type="button"
                  onClick={() =>
                    store.set({
                      sorted: {
                        by: column,
                        down: sorted.by === column ? !sorted.down : column > 0,
                      },
                    })
                  }
                >
                  {heading}
                  {sorted.by === column ? (sorted.down ? " ▼" : " ▲") : ""}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((member) => (
            <tr key={member.code}>
              <th scope="row">
                <button type="button" onClick={() => void store.why(member.code, "")}>
                  <small>{member.code}</small> {member.name}
                </button>
              </th>
              {member.yen.map((amount, column) => (
                <td key={column}>
                  {amount === null ? (
                    ""
                  ) : (
                    <button
                      type="button"
                      onClick={() => void store.why(member.code, amounts.projects[column]!.name)}
                    >
                      {yen(amount)}
                    </button>
                  )}
                </td>
              ))}
              <td class="total">{yen(member.total)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <Sum label="合計（全団体）" values={amounts.projects.map((one) => one.yen)} total={amounts.total} />
          <Sum label="収入の部に要る額" values={amounts.projects.map((one) => one.due)} />
          <Sum label="収入の部の負担金" values={amounts.projects.map((one) => one.income)} />
          <Sum label="差" values={amounts.projects.map((one) => one.difference)} />
        </tfoot>
      </table>
    </section>
  );
}

function Sum({ label, values, total }: { label: string; values: number[]; total?: number }) {
  return (
    <tr>
      <th scope="row">{label}</th>
      {values.map((amount, column) => (
        <td key={column}>{yen(amount)}</td>
      ))}
      <td class="total">{total === undefined ? "" : yen(total)}</td>
    </tr>
  );
}
