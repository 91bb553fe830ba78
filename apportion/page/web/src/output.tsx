/// 書き出す, and what this tool is made of.
import { useEffect, useState } from "preact/hooks";
import { yen } from "./amounts";
import { parts } from "./engine";
import { filesOf } from "./folder";
import type { Props } from "./page";

export function Output({ store }: Props) {
  const { folder, written, checked, busy } = store.state;
  if (!checked) return null;
  const fresh = filesOf(written?.steps ?? []).filter((file) => file.startsWith(`${written!.folder}/`));
  return (
    <section>
      <h2>書き出す</h2>
      <p>
        通知、一覧、計算書、データを作り、読み返して1円まで確かめます。コマンドで書き出すものと同じファイルです。
      </p>
      {store.draft ? (
        <p class="verdict bad">保存していない変更があります。「規則」か「表」で保存すると、書き出せます。</p>
      ) : checked.grave ? (
        <p class="verdict bad">誤りを直すまで、書き出せません。「調べる」を見てください。</p>
      ) : (
        <p>
          <button type="button" class="main" disabled={!!busy} onClick={() => void store.write()}>
            {folder!.inPlace ? "outputs に書き出す" : "zip で受け取る"}
          </button>
          {folder!.inPlace && "　前の出力は outputs/履歴 に残ります。終わるまで、この画面を閉じないでください。"}
        </p>
      )}
      {written && (
        <p class="verdict good" role="status">
          {written.members} 団体、{yen(written.total)}円。突合 {written.equations} 式、差はすべて 0円。
          {folder!.inPlace
            ? fresh.length
              ? `${written.folder} に書きました（新しいファイルは ${fresh.length}）。`
              : `${written.folder} は、前に書いたものと同じなので、そのままです。`
            : "zip を渡しました。中のフォルダーを outputs に置いてください。"}
        </p>
      )}
    </section>
  );
}

type Inside = Awaited<ReturnType<typeof parts>>;
let inside: Promise<Inside> | null = null;

export function About({ store }: Props) {
  const [listed, setListed] = useState<Inside>([]);
  useEffect(() => {
    inside ??= parts();
    void inside.then(setListed);
  }, []);
  return (
    <section>
      <h2>この道具について</h2>
      <p>
        apportion {store.state.opened!.version}
        。このファイルの中だけで計算し、どこにもつながず、開いたフォルダーのほかには何も残しません。
      </p>
      <p>
        マウスがなくても使えます。Alt と数字で画面を開き（数字は上の見出しの左）、Tab で移り、Enter で押します。Ctrl+S
        で保存し、Ctrl+F で規則の文をさがし、Alt+N で年度を選び、Esc で場所の窓を閉じます。
      </p>
      <table class="parts">
        <thead>
          <tr>
            <th scope="col">部品</th>
            <th scope="col">版</th>
            <th scope="col">ライセンス</th>
            <th scope="col">元のプログラム</th>
          </tr>
        </thead>
        <tbody>
          {listed.map((part) => (
            <tr key={part.name}>
              <th scope="row">{part.name}</th>
              <td>{part.version}</td>
              <td>
                {part.text ? (
                  <details>
                    <summary>{part.licence}</summary>
                    <pre>{part.text}</pre>
                  </details>
                ) : (
                  part.licence
                )}
              </td>
              <td>{part.source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
