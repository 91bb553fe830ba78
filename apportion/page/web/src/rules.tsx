/// 規則: a rule text, with problems marked and amounts beside it while it is typed.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import type { Diagnostic } from "@codemirror/lint";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "preact/hooks";
import { yen } from "./amounts";
import { Problems } from "./checks";
import type { Problem } from "./engine";
import type { Store } from "./state";
import { Slice } from "./state";
import type { Props } from "./views";

const COMMON = "共通";

/// Which file is looked at; empty: the first.
const own = new Slice("規則", { file: "" });

export function Rules({ store }: Props) {
  const { texts, drafts, busy, year, folder } = store.state;
  const chosen = texts.find((one) => one.file === own.of(store).file) ?? texts[0];
  const checked = store.answer("checked", { year }).value;
  if (!chosen) return <p>この年度には規則の文がありません。</p>;
  const text = chosen.file;
  const problems = checked?.problems.filter((problem) => problem.place.file === text) ?? [];
  return (
    <section>
      <h2>規則</h2>
      <p>
        <label>
          ファイル{" "}
          <select value={text} onChange={(event) => own.set(store, { file: event.currentTarget.value })}>
            {texts.map((one) => (
              <option key={one.file} value={one.file}>
                {one.file.slice(one.file.lastIndexOf("/") + 1)}　{one.project}
                {one.file in drafts ? "　（保存していません）" : ""}
              </option>
            ))}
          </select>
        </label>{" "}
        <button
          type="button"
          class="main"
          disabled={!store.draft || !!busy}
          onClick={() => void store.saveTexts()}
        >
          {folder!.inPlace ? "保存する" : "直した規則を受け取る"}
        </button>
      </p>
      {chosen.text === null ? (
        <p class="verdict bad">このファイルは文として読めません。「調べる」を見てください。</p>
      ) : (
        <div class="writing">
          <div>
            <Editor
              key={chosen.file}
              store={store}
              file={chosen.file}
              text={drafts[chosen.file] ?? chosen.text}
              problems={problems}
            />
            <Problems store={store} problems={problems} />
          </div>
          <Effect store={store} project={chosen.project} />
        </div>
      )}
    </section>
  );
}

/// Only how it looks; what it means, Python says.
const colours = [
  StreamLanguage.define({
    token(stream) {
      if (stream.sol() && stream.match(/^[※#＃].*/)) return "comment";
      if (stream.sol() && stream.match(/^■.*/)) return "heading";
      if (stream.sol() && stream.match(/^[^:：]+[:：]/)) return "keyword";
      if (stream.match(/^[0-9０-９][0-9０-９,，.．/／]*[%％]?/)) return "number";
      stream.next();
      return null;
    },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: tags.comment, color: "#4f5b66" },
      { tag: tags.heading, color: "#7a2b00", fontWeight: "bold" },
      { tag: tags.keyword, color: "#1a4f8b" },
      { tag: tags.number, color: "#14602a" },
    ]),
  ),
];

const SEVERITY: Record<string, Diagnostic["severity"]> = { エラー: "error", 注意: "warning" };

function marks(state: EditorState, problems: Problem[]): Diagnostic[] {
  return problems
    .filter((problem) => problem.place.line > 0 && problem.place.line <= state.doc.lines)
    .map((problem) => {
      const line = state.doc.line(problem.place.line);
      const from = Math.min(line.from + Math.max(problem.place.column - 1, 0), line.to);
      const whole = problem.place.column === 0;
      return {
        from: whole ? line.from : from,
        to: whole ? line.to : Math.min(from + problem.place.length, line.to),
        severity: SEVERITY[problem.level] ?? "info",
        source: problem.code,
        message: [problem.what, problem.why, problem.fix && `直し方: ${problem.fix}`]
          .filter(Boolean)
          .join("\n"),
      };
    });
}

function Editor({
  store,
  file,
  text,
  problems,
}: {
  store: Store;
  file: string;
  text: string;
  problems: Problem[];
}) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  useEffect(() => {
    const made = new EditorView({
      parent: place.current!,
      doc: text,
      extensions: [
        EditorView.cspNonce.of("editor"),
        EditorView.contentAttributes.of({ "aria-label": `規則の文 ${file}` }),
        [lineNumbers(), history(), drawSelection(), highlightActiveLine(), lintGutter(), search()],
        // Tab leaves the editor: the page is used with the keyboard alone.
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap]),
        EditorView.lineWrapping,
        colours,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) void store.type(file, update.state.doc.toString());
        }),
      ],
    });
    view.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    const now = view.current!;
    now.dispatch(setDiagnostics(now.state, marks(now.state, problems)));
  }, [problems]);
  return <div class="editor" ref={place} />;
}

/// What members pay for the 事業 of the text, and what that changes against the saved texts.
function Effect({ store, project }: { store: Store; project: string }) {
  const { value: amounts, refused } = store.answer("amounts", { year: store.state.year });
  if (refused) return <p class="verdict bad">{refused.words}</p>;
  if (!amounts) return null;
  const column = amounts.projects.findIndex((one) => one.name === project);
  const all = column < 0;
  const rows = amounts.members
    .filter((member) => all || member.yen[column] !== null || member.change?.[column])
    .map((member) => ({
      member,
      now: all ? member.total : (member.yen[column] ?? 0),
      change: all ? member.changed : (member.change?.[column] ?? null),
    }));
  return (
    <div class="effect" role="region" aria-label="負担金" tabIndex={0}>
      <table class="amounts">
        <caption>{all ? `すべての事業（${COMMON}の規則）` : project}</caption>
        <thead>
          <tr>
            <th scope="col">団体</th>
            <th scope="col">負担金（円）</th>
            <th scope="col">保存した規則との差</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ member, now, change }) => (
            <tr key={member.code} class={change ? "moved" : ""}>
              <th scope="row">{member.name}</th>
              <td>{yen(now)}</td>
              <td>{change === null ? "" : change > 0 ? `+${yen(change)}` : yen(change)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
