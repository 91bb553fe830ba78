/// 一年: where the year stands, and each act as a form; what it says is what the command line says.
import type { Field, Form } from "./engine";
import { filesOf } from "./folder";
import type { Props } from "./page";
import type { Store } from "./state";

/// The acts of an officer's year in their order; what is not here stands below, under ほか.
const GROUPS: [string, string[]][] = [
  ["取り込む", ["import budget", "import figures", "import roster", "import payments", "undo"]],
  ["決める・確定する", ["decide", "seal", "withdraw", "verify"]],
  ["納入・精算・次の年度", ["show", "settle", "new-year"]],
];

export function YearView({ store }: Props) {
  const { forms, said } = store.state;
  if (!forms.length) return null;
  const files = filesOf(said?.steps ?? []);
  const placed = GROUPS.flatMap(([, names]) => names);
  const rest = forms.filter((form) => !placed.includes(form.name) && form.name !== "status");
  const groups = [...GROUPS, ["ほか", rest.map((form) => form.name)] as [string, string[]]];
  return (
    <section>
      <h2>一年</h2>
      {store.draft && <p class="verdict bad">保存していない規則か表があります。保存すると、ここの操作ができます。</p>}
      <div class="apart">
        <div>
          <Said store={store} lines={store.state.standing} label="いまの状況" />
          {groups.map(([title, names]) => (
            <div key={title}>
              <h3>{title}</h3>
              {names
                .map((name) => forms.find((form) => form.name === name))
                .filter((form): form is Form => !!form)
                .map((form) => (
                  <Act key={form.name} store={store} form={form} />
                ))}
            </div>
          ))}
        </div>
        {said && (
          <div class="effect" role="region" aria-label="結果" tabIndex={0}>
            <h3>{said.name}</h3>
            <Said store={store} lines={said.lines} label="" />
            {said.asks && (
              <p>
                <button
                  type="button"
                  class="main"
                  disabled={!!store.state.busy}
                  onClick={() => void store.act(said.name, [...said.words, "--yes"])}
                >
                  書き込む
                </button>{" "}
                <button type="button" onClick={() => store.set({ said: null })}>
                  やめる
                </button>
              </p>
            )}
            {files.length > 0 && (
              <details>
                <summary>書いたファイル {files.length}</summary>
                <ul>
                  {files.map((file) => (
                    <li key={file}>{file}</li>
                  ))}
                </ul>
              </details>
            )}
          </div>
        )}
      </div>
    </section>
  );
}

type Lines = { text: string; following: string[] }[];

function Said({ store, lines, label }: { store: Store; lines: Lines; label: string }) {
  if (!lines.length) return null;
  return (
    <div>
      {label && <h3>{label}</h3>}
      <div class="said">
        {lines.map((line, number) => (
          <div key={number}>
            {line.text || " "}
            {line.following.length > 0 && (
              <>
                {" "}
                <button type="button" class="spot" onClick={() => store.follow(line.following)}>
                  ここで開く
                </button>
              </>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

function Act({ store, form }: { store: Store; form: Form }) {
  const { filled, opening, busy } = store.state;
  const values = filled[form.name] ?? {};
  const fields = form.fields.filter((field) => !field.year);
  const missing = fields.some((field) => field.required && !values[field.name || field.label]);
  return (
    <details class="act" open={opening === form.name} id={`act-${form.name}`}>
      <summary onClick={(event) => {
        event.preventDefault();
        store.set({ opening: opening === form.name ? "" : form.name });
      }}>
        {form.words} <code>{form.name}</code>
      </summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void store.submit(form);
        }}
      >
        {fields.map((field) => (
          <Entry key={field.name || field.label} store={store} form={form} field={field} />
        ))}
        <button type="submit" class="main" disabled={!!busy || missing || store.draft}>
          行う
        </button>
      </form>
    </details>
  );
}

function Entry({ store, form, field }: { store: Store; form: Form; field: Field }) {
  const key = field.name || field.label;
  const value = store.state.filled[form.name]?.[key] ?? "";
  const set = (text: string): void => store.enter(form.name, key, text);
  const need = field.required ? "（必須）" : "";
  if (field.flag)
    return (
      <label class="entry">
        <input type="checkbox" checked={!!value} onChange={(e) => set(e.currentTarget.checked ? "1" : "")} />{" "}
        {field.help}
      </label>
    );
  return (
    <label class="entry">
      <span>
        {field.label}
        {need}
      </span>{" "}
      {field.file ? (
        <input
          type="file"
          class="shown"
          onChange={(event) => void store.give(form.name, key, event.currentTarget.files?.[0])}
        />
      ) : field.choices.length ? (
        <select value={value} onChange={(event) => set(event.currentTarget.value)}>
          <option value="" />
          {field.choices.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      ) : field.several ? (
        <textarea rows={2} value={value} onInput={(event) => set(event.currentTarget.value)} />
      ) : (
        <input type="text" value={value} onInput={(event) => set(event.currentTarget.value)} />
      )}{" "}
      <small>
        {field.help}
        {field.several && "1行に一つ。"}
      </small>
    </label>
  );
}
