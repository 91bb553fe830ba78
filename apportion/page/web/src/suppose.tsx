/// もしも: shares moved by sliders, lines of rules typed, cases side by side; nothing is written.
import { yen } from "./amounts";
import { NoAmounts } from "./checks";
import { signed } from "./past";
import type { Props } from "./page";
import type { Case, Store } from "./state";

export function Suppose({ store }: Props) {
  const { amounts, levers, cases } = store.state;
  if (!amounts) return <NoAmounts store={store} title="もしも" />;
  if (!cases.length) return null;
  return (
    <section>
      <h2>もしも</h2>
      <p>つまみを動かすと、団体ごとの額がすぐ変わります。規則のファイルは変えません。何も書きません。</p>
      <div class="apart cases">
       <div>
        {cases.map((one, number) => (
          <fieldset key={number}>
            <legend>{one.name}</legend>
            {levers.map((lever) => (
              <Lever key={`${lever.project}/${lever.line}`} store={store} number={number} lever={lever} />
            ))}
            <label class="typed">
              ほかの変更（1行に一つ。例: 施設予約事業/運用支援業務等: 上限 = 団体ごとに 100千円）
              <textarea
                rows={2}
                value={one.lines.join("\n")}
                onInput={(event) =>
                  store.change(number, { lines: event.currentTarget.value.split("\n") })
                }
              />
            </label>
            {number > 0 && (
              <button type="button" onClick={() => store.drop(number)}>
                {one.name}をやめる
              </button>
            )}
          </fieldset>
        ))}
        <p>
          <button type="button" onClick={() => store.another()} disabled={cases.length >= 4}>
            案を増やす
          </button>
        </p>
       </div>
       <div class="effect" role="region" aria-label="案ごとの負担金" tabIndex={0}>
        <Table store={store} />
       </div>
      </div>
    </section>
  );
}

function Lever({
  store,
  number,
  lever,
}: {
  store: Store;
  number: number;
  lever: Props["store"]["state"]["levers"][number];
}) {
  const own = store.state.cases[number]!;
  const first = lever.parts[0]!;
  const at = own.moves.find((move) => move.project === lever.project && move.line === lever.line);
  const [driver, now] = [at?.driver ?? first.driver, at?.part ?? parseFloat(first.part)];
  const left = lever.parts.filter((part) => part.driver !== driver).map((part) => part.driver);
  const move = (change: Partial<Case["moves"][number]>): void => {
    const others = own.moves.filter((one) => one !== at);
    const moved = { project: lever.project, line: lever.line, driver, part: now, ...change };
    store.change(number, { moves: [...others, moved] });
  };
  return (
    <div class="lever">
      <div>
        {lever.project}　<b>{lever.line}</b>
      </div>
      <div class="words">今の規則: {lever.text}</div>
      <label>
        {lever.parts.length > 2 ? (
          <select
            aria-label={`${lever.line}で動かす割合`}
            value={driver}
            onChange={(event) => {
              const name = event.currentTarget.value;
              const part = lever.parts.find((one) => one.driver === name)!.part;
              move({ driver: name, part: parseFloat(part) });
            }}
          >
            {lever.parts.map((part) => (
              <option key={part.driver}>{part.driver}</option>
            ))}
          </select>
        ) : (
          driver
        )}{" "}
        <input
          type="range"
          min={0}
          max={100}
          step={1}
          value={now}
          aria-label={`${own.name} ${lever.line} ${driver}（%）`}
          onInput={(event) => move({ part: Number(event.currentTarget.value) })}
        />{" "}
        <output>
          {now}%、残り {100 - now}% を{left.join("と")}
        </output>
      </label>
    </div>
  );
}

function Table({ store }: { store: Store }) {
  const { supposed, unsupposed, sortedCases } = store.state;
  if (unsupposed) return <p class="verdict bad">{unsupposed}</p>;
  if (!supposed) return null;
  const names = new Map(supposed.members.map((one) => [one.code, one]));
  for (const one of supposed.cases)
    for (const [code, row] of Object.entries(one.rows))
      if (!names.has(code)) names.set(code, { code, name: row.name, yen: 0 });
  const rows = [...names.values()].sort((a, b) => {
    const by = supposed.cases[0]?.rows;
    return sortedCases && by
      ? (by[b.code]?.change ?? 0) - (by[a.code]?.change ?? 0)
      : a.code < b.code
        ? -1
        : 1;
  });
  return (
    <>
      <p>
        <label>
          <input
            type="checkbox"
            checked={sortedCases}
            onChange={(event) => store.set({ sortedCases: event.currentTarget.checked })}
          />{" "}
          増える団体から並べる
        </label>
      </p>
      <table class="amounts">
        <thead>
          <tr>
            <th scope="col">団体</th>
            <th scope="col">現行（円）</th>
            {supposed.cases.flatMap((one) => [
              <th scope="col" key={one.name}>
                {one.name}（円）
              </th>,
              <th scope="col" key={`${one.name} 増減`}>
                増減
              </th>,
              <th scope="col" key={`${one.name} 率`}>
                率
              </th>,
            ])}
          </tr>
        </thead>
        <tbody>
          {rows.map((member) => (
            <tr key={member.code}>
              <th scope="row">{member.name}</th>
              <td>{yen(member.yen)}</td>
              {supposed.cases.flatMap((one) => {
                const row = one.rows[member.code];
                const moved = row?.change ? "moved" : "";
                return [
                  <td key={one.name}>{row ? yen(row.yen) : ""}</td>,
                  <td key={`${one.name} 増減`} class={moved}>
                    {row ? signed(row.change) : ""}
                  </td>,
                  <td key={`${one.name} 率`}>{row?.rate}</td>,
                ];
              })}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">合計</th>
            <td class="total">{yen(supposed.total)}</td>
            {supposed.cases.flatMap((one) => {
              const all = Object.values(one.rows);
              return [
                <td key={one.name} class="total">
                  {yen(all.reduce((sum, row) => sum + row.yen, 0))}
                </td>,
                <td key={`${one.name} 増減`}>{signed(all.reduce((sum, row) => sum + row.change, 0))}</td>,
                <td key={`${one.name} 率`} />,
              ];
            })}
          </tr>
        </tfoot>
      </table>
    </>
  );
}
