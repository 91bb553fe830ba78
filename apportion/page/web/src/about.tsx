/// この道具について: what it is made of, and under which licences.
import { useEffect, useState } from "preact/hooks";
import { parts } from "./engine";
import type { Props } from "./views";

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
