/// 書き出す: what the command line writes, into the folder or as a zip.
import { yen } from "./amounts";
import type { Written } from "./engine";
import type { Store } from "./state";
import { Slice } from "./state";
import type { Props } from "./views";

/// What was written last, and from which year.
const own = new Slice<{ year: string; written: Written | null }>("書き出す", { year: "", written: null });

function write(store: Store): Promise<void> {
  return store.doing("計算し、書き出し、読み返して確かめています", async () => {
    const { folder, year } = store.state;
    own.set(store, { written: null });
    const written = await store.carryOut("written", { year });
    if (!folder!.inPlace) await store.hand(`${year}.zip`, "packed", { year });
    own.set(store, { year, written });
  });
}

export function Output({ store }: Props) {
  const { folder, busy, year } = store.state;
  const checked = store.answer("checked", { year }).value;
  const last = own.of(store);
  const written = last.year === year && !store.draft ? last.written : null;
  if (!checked) return null;
  return (
    <section>
      <h2>書き出す</h2>
      <p>
        通知、一覧、計算書、データを作り、読み返して1円まで確かめます。コマンドで書き出すものと同じファイルです。
      </p>
      {store.draft ? (
        <p class="verdict bad">保存していない規則があります。「規則」で保存すると、書き出せます。</p>
      ) : checked.grave ? (
        <p class="verdict bad">誤りを直すまで、書き出せません。「調べる」を見てください。</p>
      ) : (
        <p>
          <button type="button" class="main" disabled={!!busy} onClick={() => void write(store)}>
            {folder!.inPlace ? "outputs に書き出す" : "zip で受け取る"}
          </button>
          {folder!.inPlace && "　前の出力は outputs/履歴 に残ります。終わるまで、この画面を閉じないでください。"}
        </p>
      )}
      {written && (
        <p class="verdict good" role="status">
          {written.members} 団体、{yen(written.total)}円。突合 {written.equations} 式、差はすべて 0円。
          {folder!.inPlace
            ? written.record.length
              ? `${written.folder} に書きました（新しいファイルは ${written.files.length + 1}）。`
              : `${written.folder} は、前に書いたものと同じなので、そのままです。`
            : "zip を渡しました。中のフォルダーを outputs に置いてください。"}
        </p>
      )}
    </section>
  );
}
