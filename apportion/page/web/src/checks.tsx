/// 調べる: everything that is wrong, the gravest first; a click goes to the place.
import type { Problem } from "./engine";
import type { Props } from "./page";
import { Spot } from "./place";
import type { Store, View } from "./state";

export function Checks({ store }: Props) {
  const { checked, opened } = store.state;
  if (!checked) return null;
  return (
    <section>
      <h2>調べる</h2>
      {opened!.torn.map((folder) => (
        <p class="trouble" key={folder}>
          {folder} のファイルが、その 記録.json と違います。書き出しが途中で止まったか、そのあとに変えられています。もう一度書き出すと、前のものは履歴に残ります。
        </p>
      ))}
      {opened!.begun.map((folder) => (
        <p class="trouble" key={folder}>
          {folder} は、書き込みが途中で止まったので、確定していません。「一年」で同じことをもう一度行うと、その場所に確定します。
        </p>
      ))}
      <p class={checked.grave ? "verdict bad" : "verdict good"}>
        {checked.grave ? "誤りを直すまで、計算できません。" : "誤りはありません。「金額」で、団体ごとの額を見られます。"}
      </p>
      {!checked.grave && (
        <p class="next">
          <button type="button" class="main" onClick={() => void store.see("金額")}>
            金額を見る
          </button>
          <button type="button" onClick={() => void store.see("一年")}>
            次にすることを見る
          </button>
        </p>
      )}
      <Problems store={store} problems={checked.problems} />
    </section>
  );
}

/// In the place of a view that needs amounts: why there are none; nothing where they are only awaited.
export function NoAmounts({ store, title }: { store: Store; title: View }) {
  const { refused } = store.state;
  if (!refused) return null;
  return (
    <section>
      <h2>{title}</h2>
      <p class="verdict bad">{refused.words}</p>
      <Problems store={store} problems={refused.problems} />
    </section>
  );
}

export function Problems({ store, problems }: { store: Store; problems: Problem[] }) {
  return (
    <ol class="problems">
      {problems.map((problem, number) => (
        <li key={number} class={problem.level === "エラー" ? "error" : "other"}>
          <p class="what">
            <span class="level">{problem.level}</span> <code>{problem.code}</code> {problem.what}
          </p>
          {problem.place.words && (
            <p>
              場所: <Spot store={store} place={problem.place} />
            </p>
          )}
          {problem.why && <p>なぜ: {problem.why}</p>}
          {problem.fix && <p class="fix">直し方: {problem.fix}</p>}
          {problem.mends.map((line) => (
            <p key={line}>
              <button type="button" onClick={() => store.mend(problem.place, line)}>
                この行に直す
              </button>{" "}
              <code>{line}</code>
            </p>
          ))}
          <details>
            <summary>例のある説明（{problem.title}）</summary>
            <pre>{problem.page}</pre>
          </details>
        </li>
      ))}
    </ol>
  );
}
