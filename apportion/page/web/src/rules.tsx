/// 規則: a rule text, with problems marked and amounts beside it while it is typed.
import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import type { Diagnostic } from "@codemirror/lint";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  showPanel,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "preact/hooks";
import { yen } from "./amounts";
import { Problems } from "./checks";
import type { Problem } from "./engine";
import { FileChoice } from "./files";
import type { Props } from "./page";
import type { Store } from "./state";

const COMMON = "共通";

export function Rules({ store }: Props) {
  const { texts, text, drafts, checked } = store.state;
  const chosen = texts.find((one) => one.file === text);
  if (!chosen) return <p>この年度には規則の文がありません。</p>;
  const problems = checked?.problems.filter((problem) => problem.place.file === text) ?? [];
  return (
    <section>
      <h2>規則</h2>
      <FileChoice
        store={store}
        label="ファイル"
        name="ファイル"
        files={texts.map(({ file, project }) => ({
          file,
          words: `${file.slice(file.lastIndexOf("/") + 1)}　${project}`,
        }))}
        chosen={text}
        choose={(file) => store.set({ text: file })}
      />
      {chosen.text === null ? (
        <p class="verdict bad">このファイルは文として読めません。「調べる」を見てください。</p>
      ) : (
        <div class="writing">
          <Editor
            key={chosen.file}
            store={store}
            file={chosen.file}
            text={drafts[chosen.file] ?? chosen.text}
            problems={problems}
          />
          <div class="wide">
            <Problems store={store} problems={problems} />
            <Effect store={store} project={chosen.project} />
          </div>
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

const LINE = /^([^:：]+)[:：][ 　]*/;
const WORD = /[^ 　、，,+＋（(]*$/;

/// What can be written here: at the start of a line its key or a heading, behind the key what the
/// manual writes there, and names of the tables. What there is, Python says.
function completions(store: Store) {
  const before = (context: CompletionContext): [string, number, string | undefined, string] => {
    const line = context.state.doc.lineAt(context.pos);
    const text = line.text.slice(0, context.pos - line.from);
    const key = LINE.exec(text);
    return [text, line.from, key?.[1]?.trim(), key ? text.slice(key[0].length) : ""];
  };
  const starts = (context: CompletionContext): CompletionResult | null => {
    const [text, from, key] = before(context);
    if (key !== undefined || (!text && !context.explicit)) return null;
    const { values, headings } = store.state.phrases;
    const keys = Object.keys(values).map((one) => ({ label: `${one}: `, type: "keyword" }));
    const blocks = headings.map((one) => ({ label: one, type: "class" }));
    return { from, options: [...keys, ...blocks] };
  };
  const values = (context: CompletionContext): CompletionResult | null => {
    const [, , key, after] = before(context);
    if (key === undefined) return null;
    const known = store.state.phrases.values[key] ?? [];
    if (!known.length || (!after && !context.explicit)) return null;
    const options = known.map((one) => ({ label: one, type: "text" }));
    return { from: context.pos - after.length, options };
  };
  const names = (context: CompletionContext): CompletionResult | null => {
    const [text, , key, after] = before(context);
    const word = WORD.exec(key === undefined ? text : after)?.[0] ?? "";
    if ((key === undefined && !text.startsWith("■")) || (!word && !context.explicit)) return null;
    const options = store.state.phrases.names.map((one) => ({ label: one, type: "variable" }));
    return { from: context.pos - word.length, options };
  };
  // Enter ends the line that is typed; an offer is taken when it was gone to.
  return autocompletion({ override: [starts, values, names], icons: false, selectOnOpen: false });
}

/// What a line means and what a town pays by it, beside the mouse.
function meaning(store: Store, file: string) {
  return hoverTooltip(async (view, at) => {
    const line = view.state.doc.lineAt(at);
    const says = await store.says(file, line.number);
    if (!says.length) return null;
    return {
      pos: line.from,
      end: line.to,
      above: true,
      create() {
        const dom = document.createElement("div");
        dom.className = "meaning";
        dom.textContent = says.join("\n");
        return { dom };
      },
    };
  });
}

/// What the editor says of itself.
const WORDS = EditorState.phrases.of({
  Find: "さがす文",
  Replace: "置きかえる文",
  next: "次",
  previous: "前",
  all: "すべて",
  "match case": "大文字と小文字を分ける",
  regexp: "正規表現",
  "by word": "語として",
  replace: "置きかえる",
  "replace all": "すべて置きかえる",
  close: "閉じる",
  "current match": "見つかった所",
  "on line": "行",
  "replaced match on line $": "$ 行目を置きかえました",
  "replaced $ matches": "$ か所を置きかえました",
  "Go to line": "移る行",
  go: "移る",
  Diagnostics: "知らせ",
  "No diagnostics": "知らせはありません",
  Completions: "書けること",
  "Control character": "制御文字",
  "Selection deleted": "選んだ所を消しました",
});

/// The same below the text, of the line that the cursor is in.
function meaningBelow(store: Store, file: string) {
  return showPanel.of((view) => {
    const dom = document.createElement("div");
    dom.className = "below";
    dom.setAttribute("role", "status");
    let turn = 0;
    const tell = async (): Promise<void> => {
      const own = ++turn;
      const { number } = view.state.doc.lineAt(view.state.selection.main.head);
      const says = await store.says(file, number);
      if (own === turn) dom.textContent = says.join("\n") || "きまりの行にカーソルを置くと、その意味と、団体の負担金をここに示します。";
    };
    void tell();
    return {
      dom,
      update: (update) => {
        if (update.transactions.length) void tell();
      },
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
        [EditorView.cspNonce.of("editor"), WORDS],
        EditorView.contentAttributes.of({ "aria-label": `規則の文 ${file}` }),
        [lineNumbers(), history(), drawSelection(), highlightActiveLine(), lintGutter(), search()],
        // Tab leaves the editor: the page is used with the keyboard alone.
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap]),
        EditorView.lineWrapping,
        colours,
        completions(store),
        [meaning(store, file), meaningBelow(store, file)],
        EditorView.updateListener.of((update) => {
          const now = update.state.doc.toString();
          if (update.docChanged && now !== store.textOf(file)) void store.type(file, now);
        }),
      ],
    });
    made.scrollDOM.tabIndex = 0; // who has only a keyboard scrolls it, too
    view.current = made;
    return () => made.destroy();
  }, []);
  // A mend changes the text from outside.
  useEffect(() => {
    const { doc } = view.current!.state;
    const wanted = store.textOf(file); // an effect comes late: more may be typed than `text`
    if (doc.toString() !== wanted)
      view.current!.dispatch({ changes: { from: 0, to: doc.length, insert: wanted } });
  }, [text]);
  useEffect(() => {
    const now = view.current!;
    now.dispatch(setDiagnostics(now.state, marks(now.state, problems)));
  }, [problems]);
  return <div class="editor" ref={place} />;
}

/// What members pay for the 事業 of the text, and what that changes against the saved texts.
function Effect({ store, project }: { store: Store; project: string }) {
  const { amounts, refused } = store.state;
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
              <td>{change === null || !store.draft ? "" : change > 0 ? `+${yen(change)}` : yen(change)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
