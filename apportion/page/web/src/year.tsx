/// 一年: where the year stands, and each act as a form; what it says is what the command line says.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Field, Form, Performed } from "./engine";
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
      <div class="apart year">
        <div>
          <Said store={store} lines={store.state.standing} label="いまの状況" />
          <Acts store={store} groups={groups} />
        </div>
        {said && (
          <Result key={said.words.join(" ")}>
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
          </Result>
        )}
      </div>
    </section>
  );
}

/// All acts, or those whose words hold what is sought; Enter opens the first.
function Acts({ store, groups }: { store: Store; groups: [string, string[]][] }) {
  const [sought, seek] = useState("");
  const { forms, opening } = store.state;
  const meant = (form: Form): boolean => `${form.words} ${form.name}`.includes(sought.trim());
  const found = groups.map(([title, names]): [string, Form[]] => [
    title,
    names.map((name) => forms.find((form) => form.name === name)).filter((form): form is Form => !!form),
  ]);
  return (
    <>
      <form
        class="seek"
        onSubmit={(event) => {
          event.preventDefault();
          const first = found.flatMap(([, own]) => own).find(meant);
          if (first) store.set({ opening: first.name });
        }}
      >
        <label>
          操作をさがす{" "}
          <input type="search" value={sought} onInput={(event) => seek(event.currentTarget.value)} />
        </label>{" "}
        <small>議決、納入、精算など。Enter で、はじめの操作を開きます。</small>
      </form>
      {found.map(([title, own]) => (
        <div key={title} hidden={!own.some((form) => meant(form) || form.name === opening)}>
          <h3>{title}</h3>
          {own.map((form) => (
            <div key={form.name} hidden={!meant(form) && form.name !== opening}>
              <Act store={store} form={form} />
            </div>
          ))}
        </div>
      ))}
    </>
  );
}

/// What the last act said: the next Tab goes on from here.
function Result({ children }: { children: ComponentChildren }) {
  const own = useRef<HTMLDivElement>(null);
  useEffect(() => own.current?.focus(), []);
  return (
    <div class="effect" role="region" aria-label="結果" tabIndex={0} ref={own}>
      {children}
    </div>
  );
}

type Lines = Performed["lines"];

function Said({ store, lines, label }: { store: Store; lines: Lines; label: string }) {
  if (!lines.length) return null;
  return (
    <div>
      {label && <h3>{label}</h3>}
      <div class="said">
        {lines.map((line, number) => (
          <div key={number}>
            {line.text.slice(0, line.text.length - line.command.length) || " "}
            <code>{line.command}</code>
            {line.following.length > 0 && (
              <>
                {" "}
                <button
                  type="button"
                  class="spot"
                  aria-label={`${line.text.trim()} ここで開く`}
                  onClick={() => store.follow(line.following)}
                >
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
  const own = useRef<HTMLFormElement>(null);
  const open = opening === form.name;
  const before = useRef(open);
  useEffect(() => {
    const first = own.current?.querySelector<HTMLElement>("input, select, textarea, button:enabled");
    if (open && !before.current) first?.focus();
    if (open && !before.current && first instanceof HTMLInputElement) first.select();
    before.current = open;
  }, [open]);
  const values = filled[form.name] ?? {};
  const fields = form.fields.filter((field) => !field.year);
  const missing = fields.some((field) => field.required && !values[field.name || field.label]);
  return (
    <details class="act" open={open} id={`act-${form.name}`}>
      <summary onClick={(event) => {
        event.preventDefault();
        store.set({ opening: open ? "" : form.name });
      }}>
        {form.words} <code>{form.name}</code>
      </summary>
      <form
        ref={own}
        onSubmit={(event) => {
          event.preventDefault();
          void store.submit(form).then(() => {
            const { said } = store.state; // what is done is closed, what was refused stays to be mended
            if (said?.name === form.name && !said.code && !said.asks) store.set({ opening: "" });
          });
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
