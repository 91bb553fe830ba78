/// The page around the views: what is open, which year, and where the officer looks.
import { ListedFolder, SampleFolder, WritableFolder } from "./folder";
import { PlacePane } from "./place";
import type { Store } from "./state";
import type { Props } from "./views";
import { VIEWS } from "./views";

export function Page({ store }: Props) {
  const { state } = store;
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
        <div class="view">{state.folder && state.year ? <Chosen store={store} /> : <Start store={store} />}</div>
        {state.place && <PlacePane store={store} />}
      </main>
    </>
  );
}

function Year({ store }: Props) {
  const { state } = store;
  const checked = state.year ? store.answer("checked", { year: state.year }).value : null;
  return (
    <>
      <span class="folder">{state.folder!.name}</span>
      <label>
        年度{" "}
        <select
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
        disabled={!!state.busy || store.draft}
        onClick={() => void store.open(state.folder!)}
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
      {store.draft && <span class="state">保存していない規則があります</span>}
      {checked && <span class="state">{checked.state}</span>}
    </>
  );
}

function Tabs({ store }: Props) {
  return (
    <nav>
      {VIEWS.map(({ name, count }) => {
        const number = count?.(store) ?? 0;
        return (
          <button
            type="button"
            key={name}
            aria-current={name === store.state.view ? "page" : undefined}
            onClick={() => store.set({ view: name, place: null })}
          >
            {name}
            {number > 0 && <span class="count">{number}</span>}
          </button>
        );
      })}
    </nav>
  );
}

function Chosen({ store }: Props) {
  const { show: View } = VIEWS.find((one) => one.name === store.state.view)!;
  return <View store={store} />;
}

async function pick(store: Store): Promise<void> {
  let handle: FileSystemDirectoryHandle;
  try {
    handle = await window.showDirectoryPicker!({ mode: "readwrite", id: "council" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    throw error;
  }
  await store.open(new WritableFolder(handle));
}

function Start({ store }: Props) {
  const { state } = store;
  const ready = !!state.engine && !state.busy;
  return (
    <section class="start">
      <p>
        rules と members のあるフォルダーを開くと、規則と表を調べ、負担金を計算し、通知と一覧を書き出します。
        このファイルだけで動き、どこにもつながず、何も送りません。
      </p>
      {state.folder && !state.year && (
        <p class="trouble" role="alert">
          「{state.folder.name}」には rules/r7 のような年度のフォルダーがありません。rules と members が入っているフォルダーを選んでください。
        </p>
      )}
      {"showDirectoryPicker" in window && (
        <p>
          <button type="button" class="main" disabled={!ready} onClick={() => void pick(store)}>
            フォルダーを開く
          </button>{" "}
          読んで、結果を outputs に書きます。
        </p>
      )}
      <p>
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
        </label>{" "}
        フォルダーには書かず、結果を zip で渡します。
      </p>
      <p>
        <button type="button" disabled={!ready} onClick={() => void store.open(new SampleFolder())}>
          見本を開く
        </button>{" "}
        愛知県の協議会の例が入っています。
      </p>
    </section>
  );
}
