/// The engine: Python in a worker. It answers one question after the other and asks no network.
import type { PyodideAPI, loadPyodide as Load } from "pyodide";

interface Start {
  blocks: Record<string, ArrayBuffer>;
}
type Order =
  | { id: number; do: "start"; start: Start }
  | { id: number; do: "ask"; question: string }
  | { id: number; do: "put"; files: [string, Uint8Array | null][]; folders: string[] }
  | { id: number; do: "get"; paths: string[] }
  | { id: number; do: "packed"; year: string; below: string; names: string }
  | { id: number; do: "type"; file: string; text: string }
  | { id: number; do: "fill"; file: string; cells: string }
  | { id: number; do: "give"; name: string; data: Uint8Array }
  | { id: number; do: "unpack"; data: Uint8Array }
  | { id: number; do: "sample"; name: string };

interface Bytes {
  toJs(): Uint8Array;
  destroy(): void;
}
interface Desk {
  ask(question: string): string;
  changed(): void;
  packed(year: string, below: string, names: string): Bytes;
  typed(file: string, text: string): Bytes;
  filled(file: string, cells: string): Bytes;
}

const COUNCIL = "/council";
const PACKAGES = "/packages";
const GIVEN = "/given";
let python: PyodideAPI;
let desk: Desk;
let samples: Record<string, ArrayBuffer>;

function module(text: ArrayBuffer): string {
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

/// What Pyodide would fetch lies here already; whatever else is asked for is refused.
function answerFromMemory(blocks: Record<string, ArrayBuffer>): void {
  const kinds: Record<string, string> = { wasm: "application/wasm", json: "application/json" };
  self.fetch = (asked) => {
    const name = String(asked instanceof Request ? asked.url : asked).split("/").pop() ?? "";
    const found = blocks[name];
    if (!found) return Promise.reject(new Error(`refused: ${name}`));
    const type = kinds[name.split(".").pop() ?? ""] ?? "application/octet-stream";
    return Promise.resolve(new Response(found, { headers: { "Content-Type": type } }));
  };
}

async function start({ blocks }: Start): Promise<void> {
  answerFromMemory(blocks);
  samples = { sample: blocks["sample"]!, towns: blocks["towns"]! };
  // Pyodide takes no classic worker, and a worker of modules does not start from a blob at file://.
  Object.defineProperty(self, "importScripts", { value: undefined });
  const [{ loadPyodide }, asm] = await Promise.all([
    import(module(blocks["pyodide.mjs"]!)) as Promise<{ loadPyodide: typeof Load }>,
    import(module(blocks["pyodide.asm.mjs"]!)) as Promise<{ default: never }>,
  ]);
  python = await loadPyodide({
    indexURL: "https://nowhere.invalid/",
    lockFileContents: new TextDecoder().decode(blocks["pyodide-lock.json"]),
    packageBaseUrl: "https://nowhere.invalid/",
    createPyodideModule: asm.default,
    env: { HOME: "/", TZ: Intl.DateTimeFormat().resolvedOptions().timeZone, PYTHONUTF8: "1" },
  });
  python.unpackArchive(blocks["packages"]!, "zip", { extractDir: PACKAGES });
  python.FS.mkdirTree(COUNCIL);
  python.FS.mkdirTree(GIVEN);
  python.runPython(`import sys; sys.path.append("${PACKAGES}")`);
  desk = python.runPython(
    `from pathlib import Path; from apportion.page.desk import Desk; Desk(Path("${COUNCIL}"))`,
  ) as Desk;
}

function clear(): void {
  python.runPython(
    `import shutil; shutil.rmtree("${COUNCIL}"); Path("${COUNCIL}").mkdir()`,
  );
}

function put(files: [string, Uint8Array | null][], folders: string[]): void {
  for (const folder of folders) python.FS.mkdirTree(`${COUNCIL}/${folder}`);
  for (const [path, data] of files) {
    const whole = `${COUNCIL}/${path}`;
    if (data === null) {
      if (python.FS.analyzePath(whole).exists) python.FS.unlink(whole);
      continue;
    }
    python.FS.mkdirTree(whole.slice(0, whole.lastIndexOf("/")));
    python.FS.writeFile(whole, data);
  }
  desk.changed();
}

function taken(held: Bytes): Uint8Array {
  try {
    return held.toJs();
  } finally {
    held.destroy();
  }
}

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case "start":
      return start(order.start);
    case "ask":
      return desk.ask(order.question);
    case "put":
      if (order.folders.includes("")) clear();
      return put(order.files, order.folders);
    case "get":
      return order.paths.map((path) => python.FS.readFile(`${COUNCIL}/${path}`) as Uint8Array);
    case "packed":
      return taken(desk.packed(order.year, order.below, order.names));
    case "type":
      return put([[order.file, taken(desk.typed(order.file, order.text))]], []);
    case "fill":
      return put([[order.file, taken(desk.filled(order.file, order.cells))]], []);
    case "give":
      python.FS.writeFile(`${GIVEN}/${order.name}`, order.data);
      return `${GIVEN}/${order.name}`;
    case "unpack":
      clear();
      python.unpackArchive(order.data, "zip", { extractDir: COUNCIL });
      return desk.changed();
    case "sample":
      clear();
      python.unpackArchive(samples[order.name]!, "zip", { extractDir: COUNCIL });
      return desk.changed();
  }
}

// One after the other: a question waits until the answer before it is given.
let last: Promise<unknown> = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<Order>) => {
  last = last.then(async () => {
    try {
      self.postMessage({ id: data.id, value: await obey(data) });
    } catch (error) {
      self.postMessage({ id: data.id, error: String(error) });
    }
  });
};
