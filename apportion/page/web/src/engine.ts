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
  /// Lines that can stand in the place of the one that is wrong.
  mends: string[];
  page: string;
  place: Place;
}
export interface Opened {
  version: string;
  years: { code: string; label: string }[];
  torn: string[];
  /// Issues whose writing was cut short.
  begun: string[];
}
export interface Checked {
  problems: Problem[];
  grave: boolean;
}
export interface Amounts {
  label: string;
  state: string;
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
/// A file of the folder is removed, or written: with `text`, or as it is in the engine.
export interface Step {
  path: string;
  gone: boolean;
  text: string | null;
}
export interface Written {
  folder: string;
  steps: Step[];
  members: number;
  total: number;
  equations: number;
}
export interface Shown {
  kind: "text" | "table";
  lines: string[];
  rows: { row: number; cells: { cell: string; text: string }[] }[];
}

export interface Phrases {
  values: Record<string, string[]>;
  headings: string[];
  names: string[];
}
export interface Causes {
  before: number;
  after: number;
  yen: number;
  rate: string;
  causes: { name: string; yen: number }[];
}
export interface Changes extends Causes {
  labels: [string, string];
  projects: { name: string; yen: number }[];
  members: (Causes & { code: string; name: string })[];
  hint: string;
}
export interface Reasons extends Causes {
  name: string;
  short: string[];
  projects: {
    name: string;
    yen: number;
    lines: {
      name: string;
      before: number;
      after: number;
      yen: number;
      causes: { name: string; yen: number; words: string[] }[];
    }[];
  }[];
}
/// A 経費 whose shares can be moved; parts as `30%`.
export interface Lever {
  project: string;
  line: string;
  text: string;
  parts: { driver: string; part: string }[];
}
export interface Case {
  name: string;
  moves: { project: string; line: string; driver: string; part: number }[];
  lines: string[];
}
export interface Supposed {
  members: { code: string; name: string; yen: number }[];
  total: number;
  cases: {
    name: string;
    rows: Record<string, { name: string; yen: number; change: number; rate: string; each: string | null }>;
  }[];
}
export interface Field {
  /// `--date`; empty where the value stands by itself.
  name: string;
  label: string;
  help: string;
  required: boolean;
  flag: boolean;
  several: boolean;
  file: boolean;
  year: boolean;
  choices: string[];
}
export interface Form {
  name: string;
  words: string;
  fields: Field[];
}
export interface Performed {
  code: number;
  /// It waits to be told `--yes`.
  asks: boolean;
  /// `command` is the end of the text; `following` its words.
  lines: { text: string; command: string; following: string[] }[];
  steps: Step[];
}

interface Questions {
  opened: [Record<string, never>, Opened];
  checked: [{ year: string }, Checked];
  amounts: [{ year: string; draft?: boolean }, Amounts];
  texts: [{ year: string }, { files: RuleText[] }];
  why: [{ year: string; member: string; project?: string }, Story];
  written: [{ year: string }, Written];
  shown: [{ file: string }, Shown];
  phrases: [{ year: string }, Phrases];
  meanings: [{ year: string }, { files: Record<string, Record<string, string[]>> }];
  paid: [{ year: string; member: string }, { files: Record<string, Record<string, string>> }];
  tables: [{ year: string }, { tables: { title: string; file: string }[] }];
  comparable: [Record<string, never>, { sides: { side: string; label: string }[] }];
  changes: [{ before: string; after: string }, Changes];
  reasons: [{ before: string; after: string; member: string }, Reasons];
  levers: [{ year: string }, { levers: Lever[] }];
  supposed: [{ year: string; cases: Case[] }, Supposed];
  forms: [Record<string, never>, { forms: Form[] }];
  performed: [{ words: string[] }, Performed];
  unpacked: [Record<string, never>, Record<string, never>];
}

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
  ...["pyodide-lock.json", "packages", "sample", "towns"],
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

  async ask<Name extends keyof Questions>(
    name: Name,
    facts: Questions[Name][0],
  ): Promise<Questions[Name][1]> {
    const question = JSON.stringify({ ask: name, ...facts });
    const answer = JSON.parse((await this.order({ do: "ask", question })) as string);
    if ("error" in answer) throw new Refused(answer.error, answer.problems ?? []);
    return answer.value;
  }

  /// Files of the folder as they are now; null: gone. With `whole` nothing else stays.
  async put(
    files: [string, Uint8Array | null][],
    folders: string[] = [],
    whole = false,
  ): Promise<void> {
    await this.order({ do: "put", files, folders: whole ? ["", ...folders] : folders });
  }

  async get(paths: string[]): Promise<Uint8Array<ArrayBuffer>[]> {
    return (await this.order({ do: "get", paths })) as Uint8Array<ArrayBuffer>[];
  }

  /// Files and folders that lie `below`, by their paths there, as one zip.
  async packed(year: string, below: string, paths: string[]): Promise<Uint8Array<ArrayBuffer>> {
    const order = { do: "packed", year, below, names: JSON.stringify(paths) };
    return (await this.order(order)) as Uint8Array<ArrayBuffer>;
  }

  /// A rule text as it is typed, not saved.
  async type(file: string, text: string): Promise<void> {
    await this.order({ do: "type", file, text });
  }

  /// Cells of a table as they are typed, not saved.
  async fill(file: string, cells: [number, number, string][]): Promise<void> {
    await this.order({ do: "fill", file, cells: JSON.stringify(cells) });
  }

  /// A file that is no part of the folder; where it lies for a command.
  async give(file: File): Promise<string> {
    const data = new Uint8Array(await file.arrayBuffer());
    return (await this.order({ do: "give", name: file.name, data })) as string;
  }

  /// A council that is inside the page: `sample`, the shipped one, or `towns`, the small one.
  async sample(name: string): Promise<void> {
    await this.order({ do: "sample", name });
  }

  /// A folder that comes as a zip.
  async unpack(data: Uint8Array): Promise<void> {
    await this.order({ do: "unpack", data });
    await this.ask("unpacked", {});
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
