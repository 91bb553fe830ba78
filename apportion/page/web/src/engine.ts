/// The page's side of the engine: what it is asked, and the kinds of its answers.

export interface Place {
  words: string;
  file: string;
  line: number;
  column: number;
  length: number;
  cell: string;
  sheet: string;
}
export interface Problem {
  code: string;
  level: string;
  title: string;
  what: string;
  why: string;
  fix: string;
  page: string;
  place: Place;
}
export interface Opened {
  version: string;
  years: { code: string; label: string }[];
  torn: string[];
}
export interface Checked {
  problems: Problem[];
  grave: boolean;
  /// 例, 案 or 議決, in words.
  state: string;
}
export interface Amounts {
  label: string;
  projects: { name: string; yen: number; due: number; income: number; difference: number }[];
  members: {
    code: string;
    name: string;
    yen: (number | null)[];
    /// Against what is saved, by 事業 and in all; null: that is not known.
    change: number[] | null;
    changed: number | null;
    total: number;
    invoiced: number;
  }[];
  total: number;
  equations: number;
  differences: number;
}
export interface RuleText {
  file: string;
  /// null: no text that can be edited.
  text: string | null;
  /// 共通 for the common rules.
  project: string;
}
export interface Step {
  label: string;
  value: string;
  formula: string;
  words: string;
  depth: number;
  place: Place;
}
export interface Line {
  name: string;
  yen: string;
  rules: string[];
  legal: { text: string; place: Place }[];
  place: Place;
  steps: Step[];
}
export interface Story {
  member: string;
  code: string;
  heir_of: string;
  owed: string;
  invoiced: string;
  instalments: { label: string; day: string; yen: string }[];
  payers: { name: string; yen: string }[];
  others: { name: string; yen: string }[];
  projects: { name: string; yen: string; lines: Line[] }[];
}
/// Which files an act made, in the order in which they are written: 履歴 first.
export interface Changes {
  kept: string[];
  gone: string[];
  record: string[];
  files: string[];
}
export interface Written extends Changes {
  folder: string;
  members: number;
  total: number;
  equations: number;
}
export interface Shown {
  kind: "text" | "table";
  lines: string[];
  rows: { row: number; cells: { cell: string; text: string }[] }[];
}

/// Questions (`ANSWERS` of Python): the facts that each needs, and the kind of its answer.
export interface Questions {
  opened: [Record<string, never>, Opened];
  checked: [{ year: string }, Checked];
  amounts: [{ year: string }, Amounts];
  texts: [{ year: string }, { files: RuleText[] }];
  why: [{ year: string; member: string; project?: string }, Story];
  shown: [{ file: string }, Shown];
}

/// Acts: they change files, and tell which.
export interface Acts {
  written: [{ year: string }, Written];
}

/// Questions that are answered with the bytes of a file (`FILES` of Python).
export interface Files {
  packed: { year: string };
  typed: { file: string; text: string };
}

type Asked = Questions & Acts;

/// The engine says why it gives no answer, in words for a person.
export class Refused extends Error {
  constructor(
    words: string,
    readonly problems: Problem[],
  ) {
    super(words);
  }
}

async function unpacked(id: string): Promise<ArrayBuffer> {
  const held = document.getElementById(id)!;
  const packed = Uint8Array.from(atob(held.textContent ?? ""), (sign) => sign.charCodeAt(0));
  held.remove();
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

const INSIDE = [
  ...["pyodide.asm.wasm", "python_stdlib.zip", "pyodide.asm.mjs", "pyodide.mjs"],
  ...["pyodide-lock.json", "packages", "sample"],
];

export class Engine {
  private readonly waiting = new Map<
    number,
    { done: (value: unknown) => void; failed: (error: Error) => void }
  >();
  private count = 0;

  private constructor(private readonly worker: Worker) {
    worker.onmessage = ({ data }) => {
      const asked = this.waiting.get(data.id)!;
      this.waiting.delete(data.id);
      if (data.error === undefined) asked.done(data.value);
      else asked.failed(new Error(data.error));
    };
  }

  static async start(): Promise<Engine> {
    const script = new Blob([await unpacked("worker")], { type: "text/javascript" });
    const engine = new Engine(new Worker(URL.createObjectURL(script)));
    const held = await Promise.all(INSIDE.map(async (id) => [id, await unpacked(id)] as const));
    const blocks = Object.fromEntries(held);
    await engine.order({ do: "start", start: { blocks } }, Object.values(blocks));
    return engine;
  }

  async ask<Name extends keyof Asked>(name: Name, facts: Asked[Name][0]): Promise<Asked[Name][1]> {
    const question = JSON.stringify({ ask: name, ...facts });
    const answer = JSON.parse((await this.order({ do: "ask", question })) as string);
    if ("error" in answer) throw new Refused(answer.error, answer.problems ?? []);
    return answer.value;
  }

  /// The folder as it is now, and nothing else.
  async fill(files: [string, Uint8Array][], folders: string[]): Promise<void> {
    await this.order({ do: "put", files, folders: ["", ...folders], draft: false });
  }

  /// Some files as they are now (null: gone), or as they would be (`draft`).
  async put(files: [string, Uint8Array | null][], draft: boolean): Promise<void> {
    await this.order({ do: "put", files, folders: [], draft });
  }

  async get(paths: string[]): Promise<Uint8Array<ArrayBuffer>[]> {
    return (await this.order({ do: "get", paths })) as Uint8Array<ArrayBuffer>[];
  }

  async make<Name extends keyof Files>(name: Name, facts: Files[Name]): Promise<Uint8Array<ArrayBuffer>> {
    const question = JSON.stringify({ ask: name, ...facts });
    return (await this.order({ do: "make", question })) as Uint8Array<ArrayBuffer>;
  }

  async sample(): Promise<void> {
    await this.order({ do: "sample" });
  }

  private order(what: object, given: Transferable[] = []): Promise<unknown> {
    const id = ++this.count;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.worker.postMessage({ id, ...what }, given);
    });
  }
}

export async function parts(): Promise<
  { name: string; version: string; licence: string; source: string; text: string }[]
> {
  return JSON.parse(new TextDecoder().decode(await unpacked("parts")));
}
