/// The engine: Python in a worker. It answers one question after the other and asks no network.
import type { PyodideAPI, loadPyodide as Load } from "pyodide";

interface Start {
  blocks: Record<string, ArrayBuffer>;
}
type Order =
  | { id: number; do: "start"; start: Start }
  | { id: number; do: "ask"; question: string }
  | { id: number; do: "make"; question: string }
  | { id: number; do: "put"; files: [string, Uint8Array | null][]; folders: string[]; draft: boolean }
  | { id: number; do: "get"; paths: string[] }
  | { id: number; do: "sample" };

interface Bytes {
  toJs(): Uint8Array;
  destroy(): void;
}
interface Door {
  ask(question: string): string;
  make(question: string): Bytes;
  changed(): void;
  drafted(): void;
}

const COUNCIL = "/council";
const PACKAGES = "/packages";
let python: PyodideAPI;
let door: Door;
let sample: ArrayBuffer;

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
  sample = blocks["sample"]!;
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
  python.runPython(`import sys; sys.path.append("${PACKAGES}")`);
  door = python.runPython(
    `from pathlib import Path; from apportion.page.answers import Door; Door(Path("${COUNCIL}"))`,
  ) as Door;
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
      return door.ask(order.question);
    case "make":
      return taken(door.make(order.question));
    case "put":
      if (order.folders.includes("")) clear();
      put(order.files, order.folders);
      return order.draft ? door.drafted() : door.changed();
    case "get":
      return order.paths.map((path) => python.FS.readFile(`${COUNCIL}/${path}`) as Uint8Array);
    case "sample":
      clear();
      python.unpackArchive(sample, "zip", { extractDir: COUNCIL });
      return door.changed();
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
