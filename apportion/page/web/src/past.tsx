/// 前年度から: why amounts are others than before; causes as a waterfall, reasons in sentences.
import { yen } from "./amounts";
import { NoAmounts } from "./checks";
import type { Causes } from "./engine";
import type { Props } from "./page";
import type { Store } from "./state";

export function signed(value: number): string {
  return value > 0 ? `+${yen(value)}` : yen(value);
}

export function Past({ store }: Props) {
  const { amounts, sides, between, changes, reasons } = store.state;
  if (!amounts) return <NoAmounts store={store} title="前年度から" />;
  if (!sides.length) return null;
  return (
    <section>
      <h2>前年度から</h2>
      <p>
        <Side store={store} label="前" which={0} /> <Side store={store} label="後" which={1} />
      </p>
      {between[0] === between[1] && (
        <p class="words">
          {sides.length > 1
            ? "前と後に、別の年度か確定を選んでください。"
            : "くらべるものが、まだありません。前の年度の規則と名簿か、確定した請求があると、変わったわけを示します。"}
        </p>
      )}
      {changes && (
        <>
          <h3>
            {changes.labels[0]}から{changes.labels[1]}へ　負担金の増減
          </h3>
          <Waterfall causes={changes} />
          {changes.hint && <p>{changes.hint}</p>}
          <p>団体を押すと、経費ごとの理由を示します。</p>
          <div class="apart">
            <div class="wide">
              <Members store={store} />
            </div>
            {reasons && <Reasons store={store} />}
          </div>
        </>
      )}
    </section>
  );
}

function Side({ store, label, which }: { store: Store; label: string; which: 0 | 1 }) {
  const { sides, between } = store.state;
  return (
    <label>
      {label}{" "}
      <select
        value={between[which]}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          void store.between(which ? [between[0], chosen] : [chosen, between[1]]);
        }}
      >
        {sides.map((one) => (
          <option key={one.side} value={one.side}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  );
}

function Members({ store }: { store: Store }) {
  const { changes, reasons } = store.state;
  const heads = ["団体", "前（円）", "後（円）", "増減（円）", "率"];
  return (
    <table class="amounts">
      <thead>
        <tr>
          {(reasons ? heads : [...heads, "大きい原因"]).map((head) => (
            <th scope="col" key={head} class={head === "大きい原因" ? "words" : ""}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {changes!.members.map((one) => (
          <tr key={one.code}>
            <th scope="row">
              <button type="button" onClick={() => void store.reason(one.code)}>
                <small>{one.code}</small> {one.name}
              </button>
            </th>
            <td>{yen(one.before)}</td>
            <td>{yen(one.after)}</td>
            <td class="total">{signed(one.yen)}</td>
            <td>{one.rate || "－"}</td>
            {!reasons && (
              <td class="words">
                {one.causes
                  .slice(0, 2)
                  .map((cause) => `${cause.name} ${signed(cause.yen)}`)
                  .join("、")}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Reasons({ store }: { store: Store }) {
  const found = store.state.reasons!;
  return (
    <div class="effect" role="region" aria-label={`${found.name}の理由`} tabIndex={0}>
      <h3>{found.name}</h3>
      {found.short.map((text) => (
        <p key={text}>{text}</p>
      ))}
      <Waterfall causes={found} />
      {found.projects.map((project) => (
        <details key={project.name} open>
          <summary>
            <span class="name">{project.name}</span> {signed(project.yen)}円
          </summary>
          {project.lines
            .filter((line) => line.causes.length)
            .map((line) => (
              <div key={line.name} class="line">
                <p>
                  <b>{line.name}</b>　{yen(line.before)}円 → {yen(line.after)}円（{signed(line.yen)}円）
                </p>
                <ul>
                  {line.causes.map((cause) => (
                    <li key={cause.name}>
                      {cause.name} {signed(cause.yen)}円
                      {cause.words.map((words) => (
                        <div class="words" key={words}>
                          {words}
                        </div>
                      ))}
                    </li>
                  ))}
                </ul>
              </div>
            ))}
        </details>
      ))}
    </div>
  );
}

const [WIDE, ROW, LEFT, RIGHT] = [720, 26, 190, 130];

/// From the amount before to the amount after, a bar for each cause; text stays text.
function Waterfall({ causes }: { causes: Causes }) {
  const bars: { name: string; from: number; to: number; whole: boolean }[] = [];
  let at = causes.before;
  bars.push({ name: "前", from: 0, to: at, whole: true });
  for (const cause of causes.causes) {
    bars.push({ name: cause.name, from: at, to: at + cause.yen, whole: false });
    at += cause.yen;
  }
  bars.push({ name: "後", from: 0, to: causes.after, whole: true });
  const moved = bars.flatMap((bar) => (bar.whole ? [bar.to] : [bar.from, bar.to]));
  // The change is looked at, not the whole: the scale begins below the least of both.
  const [least, most] = [Math.min(...moved), Math.max(...moved)];
  const low = least - (most - least || 1) * 0.25;
  const place = (value: number): number =>
    LEFT + (Math.max(value - low, 0) / (most - low || 1)) * (WIDE - LEFT - RIGHT);
  return (
    <svg
      class="waterfall"
      viewBox={`0 0 ${WIDE} ${bars.length * ROW + 4}`}
      role="img"
      aria-label={`前 ${yen(causes.before)}円、後 ${yen(causes.after)}円、${causes.causes
        .map((cause) => `${cause.name} ${signed(cause.yen)}円`)
        .join("、")}`}
    >
      {bars.map((bar, number) => {
        const [a, b] = bar.whole
          ? [LEFT, place(bar.to)]
          : [place(Math.min(bar.from, bar.to)), place(Math.max(bar.from, bar.to))];
        const kind = bar.whole ? "whole" : bar.to >= bar.from ? "more" : "less";
        const y = number * ROW + 4;
        return (
          <g key={number}>
            <text x={LEFT - 8} y={y + 14} text-anchor="end">
              {bar.name}
            </text>
            <rect class={kind} x={a} y={y} width={Math.max(b - a, 1.5)} height={ROW - 8} />
            <text x={b + 6} y={y + 14}>
              {bar.whole ? `${yen(bar.to)}円` : `${signed(bar.to - bar.from)}円`}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
