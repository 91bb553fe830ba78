/// The page around the views: what is open, which year, and where the officer looks.
import { useEffect } from "preact/hooks";
import { Amounts } from "./amounts";
import { Checks } from "./checks";
import { ListedFolder, SampleFolder, WritableFolder, ZippedFolder, remember } from "./folder";
import { digit, intoView } from "./keys";
import { About, Output } from "./output";
import { PlacePane } from "./place";
import { Past } from "./past";
import { Rules } from "./rules";
import type { Store } from "./state";
import { VIEWS } from "./state";
import { Suppose } from "./suppose";
import { Tables } from "./tables";
import { Why } from "./why";
import { YearView } from "./year";

export interface Props {
  store: Store;
}

export function Page({ store }: Props) {
  const { state } = store;
  // Where the pressed button is gone with its view, the next Tab begins at the top of the new one.
  useEffect(() => {
    if (state.opened && document.activeElement === document.body) intoView();
  }, [state.opened, state.view]);
  return (
    <>
      <header>
        <h1>負担金計算</h1>
        {state.folder && <Year store={store} />}
        <p class="busy" role="status" aria-live="polite">
          {state.busy && `${state.busy}…`}
        </p>
      </header>
      {state.folder && state.year && <Tabs store={store} />}
      {state.trouble && (
        <p class="trouble" role="alert">
          {state.trouble}
        </p>
      )}
      <main class={state.place ? "with-place" : ""}>
        <div class="view" tabIndex={-1}>{state.folder && state.year ? <Chosen store={store} /> : <Start store={store} />}</div>
        {state.place && <PlacePane store={store} />}
      </main>
    </>
  );
}

function Year({ store }: Props) {
  const { state } = store;
  const again = (): boolean =>
    !store.draft || confirm("保存していない変更を捨てて、フォルダーを読み直します。よろしいですか。");
  return (
    <>
      <span class="folder">{state.folder!.name}</span>
      <label>
        年度{" "}
        <select
          class="years"
          title="Alt+N"
          aria-keyshortcuts="Alt+N"
          value={state.year}
          disabled={!!state.busy || store.draft}
          onChange={(event) => void store.choose(event.currentTarget.value)}
        >
          {state.opened!.years.map((year) => (
            <option key={year.code} value={year.code}>
              {year.label}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        disabled={!!state.busy}
        onClick={() => again() && void store.open(state.folder!)}
      >
        開き直す
      </button>
      <button
        type="button"
        disabled={!!state.busy || store.draft}
        onClick={() => store.set({ folder: null, opened: null, year: "", place: null })}
      >
        ほかのフォルダー
      </button>
      {store.draft && <span class="state">保存していない変更があります</span>}
      {state.amounts && <span class="state">{state.amounts.state}</span>}
    </>
  );
}

function Tabs({ store }: Props) {
  const { state } = store;
  const errors = state.checked?.problems.filter((problem) => problem.level === "エラー").length;
  return (
    <nav>
      {VIEWS.map((view, at) => (
        <button
          type="button"
          key={view}
          title={`Alt+${digit(at)}`}
          aria-keyshortcuts={`Alt+${digit(at)}`}
          data-key={digit(at)}
          aria-current={view === state.view ? "page" : undefined}
          onClick={() => void store.see(view)}
        >
          {view}
          {view === "調べる" && !!errors && <span class="count">{errors}</span>}
        </button>
      ))}
    </nav>
  );
}

function Chosen({ store }: Props) {
  switch (store.state.view) {
    case "調べる":
      return <Checks store={store} />;
    case "規則":
      return <Rules store={store} />;
    case "表":
      return <Tables store={store} />;
    case "金額":
      return <Amounts store={store} />;
    case "なぜ":
      return <Why store={store} />;
    case "前年度から":
      return <Past store={store} />;
    case "もしも":
      return <Suppose store={store} />;
    case "一年":
      return <YearView store={store} />;
    case "書き出す":
      return <Output store={store} />;
    case "この道具について":
      return <About store={store} />;
  }
}

async function pick(store: Store): Promise<void> {
  let handle: FileSystemDirectoryHandle;
  try {
    handle = await window.showDirectoryPicker!({ mode: "readwrite", id: "council" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    throw error;
  }
  await remember(handle);
  await store.open(new WritableFolder(handle));
}

/// The folder of another day: the browser asks again whether the page may write there.
async function again(store: Store, handle: FileSystemDirectoryHandle): Promise<void> {
  const allowed = await handle.requestPermission({ mode: "readwrite" });
  if (allowed === "granted") await store.open(new WritableFolder(handle));
}

function dropped(store: Store, event: DragEvent): void {
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  if (file?.name.endsWith(".zip")) void store.open(new ZippedFolder(file));
  else store.set({ trouble: "落とせるのは、フォルダーを一つにまとめた zip です。" });
}

function Start({ store }: Props) {
  const { state } = store;
  const ready = !!state.engine && !state.busy;
  return (
    <section
      class="start"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => ready && dropped(store, event)}
    >
      <h2>フォルダーを選ぶところから始めます</h2>
      <p class="words">
        rules と members のあるフォルダーを開くと、規則と表を調べ、負担金を計算し、通知と一覧を書き出します。
        このファイルだけで動き、どこにもつながず、何も送りません。はじめての方は、見本を開いてお試しください。見本は何度でもやり直せます。
      </p>
      {state.folder && !state.year && (
        <p class="trouble" role="alert">
          「{state.folder.name}」には rules/r7 のような年度のフォルダーがありません。rules と members が入っているフォルダーを選んでください。
        </p>
      )}
      {state.before && (
        <div>
          <button
            type="button"
            class="main"
            disabled={!ready}
            onClick={() => void again(store, state.before!)}
          >
            前のフォルダー「{state.before.name}」を開く
          </button>
          <p>前に開いたフォルダーです。書いてよいかを、もう一度ブラウザーがたずねます。</p>
        </div>
      )}
      {"showDirectoryPicker" in window && (
        <div>
          <button type="button" class="main" disabled={!ready} onClick={() => void pick(store)}>
            フォルダーを開く
          </button>
          <p>ふだんはこちらです。直した規則と表を保存し、結果を outputs に書きます。</p>
        </div>
      )}
      <div>
        <label class={ready ? "button" : "button off"}>
          読むだけで開く
          <input
            type="file"
            ref={(field) => {
              if (field) field.webkitdirectory = true;
            }}
            disabled={!ready}
            onChange={(event) => {
              const listed = [...(event.currentTarget.files ?? [])];
              event.currentTarget.value = "";
              if (listed.length) void store.open(new ListedFolder(listed));
            }}
          />
        </label>
        <p>
          フォルダーには書かず、結果を zip で渡します。フォルダーを zip にまとめたものを、この画面に落としてもかまいません。
        </p>
      </div>
      <div>
        <button
          type="button"
          disabled={!ready}
          onClick={() => void store.open(new SampleFolder("見本", "sample"))}
        >
          見本を開く
        </button>
        <p>愛知県の協議会の、5つの事業の例です。</p>
      </div>
      <div>
        <button
          type="button"
          disabled={!ready}
          onClick={() => void store.open(new SampleFolder("小さな見本", "towns"))}
        >
          小さな見本を開く
        </button>
        <p>3町で一つの事業だけの、ここから書き始められる見本です。</p>
      </div>
    </section>
  );
}
