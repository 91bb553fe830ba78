/// The head of 規則 and 表: which file is looked at, and the button that saves all that is typed.
import type { Store } from "./state";

interface Choice {
  store: Store;
  label: string;
  /// What it is named for who hears it.
  name: string;
  files: { file: string; words: string }[];
  chosen: string;
  choose: (file: string) => void;
}

export function FileChoice({ store, label, name, files, chosen, choose }: Choice) {
  const { drafts, cells, busy, folder } = store.state;
  return (
    <p>
      <label>
        {label}{" "}
        <select aria-label={name} value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
          {files.map(({ file, words }) => (
            <option key={file} value={file}>
              {words}
              {file in drafts || file in cells ? "　（保存していません）" : ""}
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
        {folder!.inPlace ? "保存する" : "直したファイルを受け取る"}
      </button>
    </p>
  );
}
