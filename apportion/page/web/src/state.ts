/// One state: what is open, what was answered, which view is looked at. The views are functions of it.
import type {
  Amounts,
  Case,
  Changes,
  Checked,
  Engine,
  Form,
  Lever,
  Opened,
  Performed,
  Phrases,
  Place,
  Problem,
  Reasons,
  RuleText,
  Shown,
  Step,
  Story,
  Supposed,
  Written,
} from "./engine";
import { Refused } from "./engine";
import type { Folder } from "./folder";
import { SampleFolder, ZippedFolder, filesOf, formersOf } from "./folder";

export type { Case };

/// In the order of an officer's day.
export const VIEWS = [
  "調べる",
  "規則",
  "表",
  "金額",
  "なぜ",
  "前年度から",
  "もしも",
  "一年",
  "書き出す",
  "この道具について",
] as const;
export type View = (typeof VIEWS)[number];

export interface State {
  engine: Engine | null;
  busy: string;
  /// What could not be done, in words.
  trouble: string;
  folder: Folder | null;
  /// The folder that was opened last, on another day.
  before: FileSystemDirectoryHandle | null;
  opened: Opened | null;
  year: string;
  view: View;
  checked: Checked | null;
  amounts: Amounts | null;
  /// Why there are no amounts.
  refused: { words: string; problems: Problem[] } | null;
  sought: string;
  sorted: { by: number; down: boolean };
  asked: { member: string; project: string };
  story: Story | null;
  place: { at: Place; shown: Shown } | null;
  written: Written | null;
  /// Rule texts as they are saved, those that are typed and not saved, and which one is looked at.
  texts: RuleText[];
  drafts: Readonly<Record<string, string>>;
  text: string;
  /// What can be written in rule texts, and what their lines mean, by file and number of the line.
  phrases: Phrases;
  meanings: Record<string, Record<string, string[]>>;
  /// Tables: their files, the one that is looked at, and cells (`row column`) typed and not saved.
  tables: { title: string; file: string }[];
  table: string;
  grid: Shown | null;
  cells: Readonly<Record<string, Record<string, string>>>;
  /// 前年度から: what can be compared, what is, and the reasons of one body.
  sides: { side: string; label: string }[];
  between: [string, string];
  changes: Changes | null;
  reasons: Reasons | null;
  /// もしも: what can be moved, the cases, and what they come to or why they cannot be computed.
  levers: Lever[];
  cases: Case[];
  supposed: Supposed | null;
  unsupposed: string;
  sortedCases: boolean;
  /// 一年: the acts, what is filled in, which one is open, what the last one said, where the year stands.
  forms: Form[];
  filled: Readonly<Record<string, Readonly<Record<string, string>>>>;
  opening: string;
  said: (Performed & { name: string; words: string[] }) | null;
  standing: Performed["lines"];
}

/// Milliseconds without a keystroke before anything is computed.
const PAUSE = 120;

const FIRST: State = {
  engine: null,
  busy: "",
  trouble: "",
  folder: null,
  before: null,
  opened: null,
  year: "",
  view: "調べる",
  checked: null,
  amounts: null,
  refused: null,
  sought: "",
  sorted: { by: 0, down: false },
  asked: { member: "", project: "" },
  story: null,
  place: null,
  written: null,
  texts: [],
  drafts: {},
  text: "",
  phrases: { values: {}, headings: [], names: [] },
  meanings: {},
  tables: [],
  table: "",
  grid: null,
  cells: {},
  sides: [],
  between: ["", ""],
  changes: null,
  reasons: null,
  levers: [],
  cases: [],
  supposed: null,
  unsupposed: "",
  sortedCases: false,
  forms: [],
  filled: {},
  opening: "",
  said: null,
  standing: [],
};

const LOADED: View[] = ["前年度から", "もしも", "一年"];

/// What another folder knows nothing of.
const CLOSED: Partial<State> = {
  ...{ written: null, place: null, drafts: {}, cells: {}, table: "", grid: null },
  ...{ between: ["", ""], changes: null, reasons: null, cases: [], supposed: null },
  ...{ filled: {}, opening: "", said: null },
};

export class Store {
  state = FIRST;

  constructor(private readonly draw: (store: Store) => void) {}

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.draw(this);
  }

  /// Do what takes time: what is done is told while it lasts, and so is what failed.
  async doing(words: string, work: () => Promise<void>): Promise<void> {
    this.under++;
    this.set({ busy: words, trouble: "" });
    try {
      await work();
    } catch (error) {
      this.set({ trouble: error instanceof Error ? error.message : String(error) });
    } finally {
      this.under--;
      if (!this.under) this.set({ busy: "" });
    }
  }

  /// How many things are being done: a later one may end before an earlier one.
  private under = 0;

  private get engine(): Engine {
    return this.state.engine!;
  }

  /// Read a folder; its newest year is looked at first.
  open(folder: Folder): Promise<void> {
    return this.doing(`「${folder.name}」を読んでいます`, async () => {
      if (folder instanceof SampleFolder) await this.engine.sample(folder.inside);
      else if (folder instanceof ZippedFolder)
        await this.engine.unpack(new Uint8Array(await folder.file.arrayBuffer()));
      else {
        const { files, folders } = await folder.read();
        await this.engine.put(files, folders, true);
      }
      const opened = await this.engine.ask("opened", {});
      const year = opened.years.some((one) => one.code === this.state.year)
        ? this.state.year
        : (opened.years[0]?.code ?? "");
      this.set({ ...CLOSED, folder, opened, year });
      if (year) await this.look();
    });
  }

  choose(year: string): Promise<void> {
    this.set({ year, written: null });
    return this.doing("計算しています", () => this.look());
  }

  get draft(): boolean {
    return Object.keys({ ...this.state.drafts, ...this.state.cells }).length > 0;
  }

  /// Everything that follows from the files and the year.
  private async look(): Promise<void> {
    const { files } = await this.engine.ask("texts", { year: this.state.year });
    const text = files.some((one) => one.file === this.state.text) ? this.state.text : "";
    const { tables } = await this.engine.ask("tables", { year: this.state.year });
    const table = tables.some((one) => one.file === this.state.table) ? this.state.table : "";
    const phrases = await this.engine.ask("phrases", { year: this.state.year });
    this.set({ texts: files, text: text || (files[0]?.file ?? ""), tables, phrases });
    await this.layOut(table || (tables[0]?.file ?? ""));
    await this.compute();
    await this.load();
  }

  /// Look at a view, and ask for what it shows beyond problems and amounts.
  async see(view: View): Promise<void> {
    this.set({ view, place: null });
    if (LOADED.includes(view)) await this.doing("調べています", () => this.load());
  }

  private async load(): Promise<void> {
    const { view, refused } = this.state;
    if (view === "一年") await this.stand();
    else if (view === "前年度から" && !refused) await this.compare();
    else if (view === "もしも" && !refused) await this.grasp();
  }

  private async compute(): Promise<void> {
    const { year } = this.state;
    const checked = await this.engine.ask("checked", { year });
    const { files } = await this.engine.ask("meanings", { year });
    this.set({ checked, meanings: files });
    try {
      const amounts = await this.engine.ask("amounts", { year, draft: this.draft });
      this.set({ amounts, refused: null, story: null });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const refused = { words: error.message, problems: error.problems };
      this.set({ amounts: null, refused, story: null });
    }
  }

  private typing = 0;

  /// A rule text is being typed: problems and amounts follow; what was overtaken is not computed.
  async type(file: string, text: string): Promise<void> {
    const turn = ++this.typing;
    const saved = this.state.texts.find((one) => one.file === file)?.text;
    const { [file]: _, ...others } = this.state.drafts;
    this.set({ drafts: saved === text ? others : { ...others, [file]: text }, written: null });
    await new Promise((done) => setTimeout(done, PAUSE));
    if (turn !== this.typing) return;
    await this.doing("計算しています", async () => {
      await this.engine.type(file, text);
      await this.compute();
    });
  }

  /// A rule text as it is typed, or saved where nothing is.
  textOf(file: string): string {
    return this.state.drafts[file] ?? this.state.texts.find((one) => one.file === file)?.text ?? "";
  }

  /// What a line of a rule text says, and what the body that was looked at last pays by it.
  async says(file: string, line: number): Promise<string[]> {
    const { year, asked } = this.state;
    const paid = await this.engine.ask("paid", { year, member: asked.member }).catch((error: unknown) => {
      if (error instanceof Refused) return null; // 調べる says why there are no amounts
      throw error;
    });
    const own = paid?.files[file]?.[line];
    return [...(this.state.meanings[file]?.[line] ?? []), ...(own ? [own] : [])];
  }

  /// Put a line that a message offers in the place of the one that it is about.
  mend(at: Place, line: string): void {
    const lines = this.textOf(at.file).split("\n");
    lines[at.line - 1] = line;
    this.set({ view: "規則", text: at.file, place: null });
    void this.type(at.file, lines.join("\n"));
  }

  lay(file: string): Promise<void> {
    return this.doing("開いています", () => this.layOut(file));
  }

  private async layOut(table: string): Promise<void> {
    if (table !== this.state.table) this.set({ table, grid: null });
    if (!table) return;
    try {
      this.set({ grid: await this.engine.ask("shown", { file: table }) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.set({ grid: null }); // 調べる says why
    }
  }

  /// Cells are typed, pasted or marked: problems and amounts follow.
  async fill(typed: [number, number, string][]): Promise<void> {
    const { table, cells } = this.state;
    const own = { ...cells[table] };
    for (const [row, column, text] of typed) own[`${row} ${column}`] = text;
    this.set({ cells: { ...cells, [table]: own }, written: null });
    const turn = ++this.typing;
    await new Promise((done) => setTimeout(done, PAUSE));
    if (turn !== this.typing) return;
    await this.doing("計算しています", async () => {
      await this.engine.fill(table, typedCells(own));
      await this.compute();
    });
  }

  /// Save the typed texts and tables; into the folder, or as files that are handed over.
  saveTexts(): Promise<void> {
    return this.doing("規則を保存しています", async () => {
      const { folder, drafts, cells } = this.state;
      await this.refuseStale(folder!);
      for (const file of Object.keys({ ...drafts, ...cells })) {
        if (file in drafts) await this.engine.type(file, drafts[file]!);
        else await this.engine.fill(file, typedCells(cells[file]!));
        const [data] = await this.engine.get([file]);
        if (folder!.inPlace) await folder!.write(file, data!);
        else save(file.slice(file.lastIndexOf("/") + 1), data!, "text/plain");
      }
      this.set({ drafts: {}, cells: {} });
      await this.look();
    });
  }

  why(member: string, project: string): Promise<void> {
    this.set({ asked: { member, project }, view: "なぜ" });
    return this.doing("説明を作っています", async () => {
      const { year } = this.state;
      const facts = project ? { year, member, project } : { year, member };
      this.set({ story: await this.engine.ask("why", facts) });
    });
  }

  /// 前年度から: two sides, by themselves the year before and the year that is looked at.
  between(chosen: [string, string]): Promise<void> {
    return this.doing("くらべています", () => this.compare(chosen));
  }

  private async compare(chosen?: [string, string]): Promise<void> {
    const { sides } = await this.engine.ask("comparable", {});
    const at = sides.findIndex((one) => one.side === this.state.year);
    const before = sides.slice(at + 1).find((one) => !one.side.includes(":"));
    const known = this.state.between[1].split(":")[0] === this.state.year;
    const between: [string, string] =
      chosen ?? (known ? this.state.between : [before?.side ?? this.state.year, this.state.year]);
    this.set({ sides, between, changes: null, reasons: null });
    if (between[0] === between[1]) return;
    this.set({ changes: await this.engine.ask("changes", { before: between[0], after: between[1] }) });
  }

  reason(member: string): Promise<void> {
    return this.doing("理由を調べています", async () => {
      const [before, after] = this.state.between;
      this.set({ reasons: await this.engine.ask("reasons", { before, after, member }) });
    });
  }

  /// もしも: what can be moved, and a first case.
  private async grasp(): Promise<void> {
    const { levers } = await this.engine.ask("levers", { year: this.state.year });
    this.set({ levers });
    if (!this.state.cases.length) this.set({ cases: [{ name: "案1", moves: [], lines: [] }] });
    await this.suppose();
  }

  another(): void {
    const names = this.state.cases.map((one) => Number(one.name.slice(1)));
    const name = `案${Math.max(0, ...names) + 1}`;
    this.set({ cases: [...this.state.cases, { name, moves: [], lines: [] }] });
    void this.supposing();
  }

  drop(number: number): void {
    this.set({ cases: this.state.cases.filter((_, at) => at !== number) });
    void this.supposing();
  }

  change(number: number, change: Partial<Case>): void {
    const cases = this.state.cases.map((one, at) => (at === number ? { ...one, ...change } : one));
    this.set({ cases });
    void this.supposing();
  }

  private asking = 0;

  /// What was overtaken by a later movement is not computed.
  private async supposing(): Promise<void> {
    const turn = ++this.asking;
    await new Promise((done) => setTimeout(done, PAUSE));
    if (turn === this.asking) await this.doing("計算しています", () => this.suppose());
  }

  private async suppose(): Promise<void> {
    const { year, cases } = this.state;
    try {
      const supposed = await this.engine.ask("supposed", { year, cases });
      this.set({ supposed, unsupposed: "" });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const told = error.problems.map((one) => [one.what, one.fix].filter(Boolean).join(" 直し方: "));
      this.set({ unsupposed: told.join("\n") || error.message });
    }
  }

  /// 一年: the acts, and where the year stands.
  private async stand(): Promise<void> {
    const { year } = this.state;
    const { forms } = await this.engine.ask("forms", {});
    const { lines } = await this.engine.ask("performed", { words: ["status", "--year", year] });
    this.set({ forms, standing: lines });
  }

  enter(form: string, key: string, text: string): void {
    const own = { ...this.state.filled[form], [key]: text };
    this.set({ filled: { ...this.state.filled, [form]: own } });
  }

  /// A file that a person gives to an act.
  async give(form: string, key: string, file?: File): Promise<void> {
    this.enter(form, key, file ? await this.engine.give(file) : "");
  }

  /// Open the view, or the form, of a command that was named.
  follow(words: string[]): void {
    const view = { check: "調べる", run: "書き出す", explain: "なぜ" }[words[0] ?? ""];
    if (view) return void this.see(view as View);
    const form = this.state.forms.find(
      (one) => one.name === words.slice(0, one.name.split(" ").length).join(" "),
    );
    if (!form) return;
    const given = words.slice(form.name.split(" ").length);
    const filled: Record<string, string> = {};
    const plain = form.fields.filter((field) => !field.name);
    for (let at = 0; at < given.length; at++) {
      const field = form.fields.find((one) => one.name === given[at]);
      const next = given[at + 1];
      if (field?.flag) filled[field.name] = "1";
      else if (field) {
        if (next !== undefined && !next.startsWith("--")) filled[field.name] = given[++at]!;
      } else if (!given[at]!.startsWith("--")) {
        const own = plain.shift();
        if (own) filled[own.name || own.label] = given[at]!;
      }
    }
    this.set({ view: "一年", opening: form.name, filled: { ...this.state.filled, [form.name]: filled } });
  }

  submit(form: Form): Promise<void> {
    const values = this.state.filled[form.name] ?? {};
    const words = form.fields.flatMap((field) => {
      if (field.year) return [field.name, this.state.year];
      const value = values[field.name || field.label] ?? "";
      if (!value.trim()) return [];
      if (field.flag) return [field.name];
      const all = field.several ? value.split("\n").filter((line) => line.trim()) : [value];
      return all.flatMap((one) => (field.name ? [field.name, one] : [one]));
    });
    return this.act(form.name, [...form.name.split(" "), ...words]);
  }

  /// Run a command, then write what it changed into the folder.
  act(name: string, words: string[]): Promise<void> {
    return this.doing(`${name} を行っています`, async () => {
      const { folder } = this.state;
      await this.refuseStale(folder!);
      const done = await this.engine.ask("performed", { words });
      if (folder!.inPlace) await this.into(folder!, done.steps);
      else if (done.steps.length) await this.hand("apportion", "", filesOf(done.steps));
      this.set({ said: { ...done, name, words } });
      if (!done.steps.length) return;
      const opened = await this.engine.ask("opened", {});
      this.set({ opened, written: null });
      await this.look();
    });
  }

  /// Files that lie `below`, for who cannot write into the folder.
  private async hand(name: string, below: string, paths: string[]): Promise<void> {
    save(`${name}.zip`, await this.engine.packed(this.state.year, below, paths), "application/zip");
  }

  show(at: Place): Promise<void> {
    return this.doing("開いています", async () => {
      this.set({ place: { at, shown: await this.engine.ask("shown", { file: at.file }) } });
    });
  }

  /// Run, then write file by file in the order in which nothing is lost wherever it is cut short.
  write(): Promise<void> {
    return this.doing("計算し、書き出し、読み返して確かめています", async () => {
      const { folder, year } = this.state;
      await this.refuseStale(folder!);
      const written = await this.engine.ask("written", { year });
      if (folder!.inPlace) await this.into(folder!, written.steps);
      else await this.hand(year, "outputs", [year]);
      this.set({ written });
    });
  }

  /// Take the steps one after the other. Where one fails, what stands in the folder is read again:
  /// nothing else is believed.
  private async into(folder: Folder, steps: Step[]): Promise<void> {
    let done = 0;
    try {
      for (const step of steps) {
        this.set({ busy: `フォルダーに書いています（${++done} / ${steps.length} ファイル）` });
        if (step.gone) await folder.remove(step.path);
        else await folder.write(step.path, await this.dataOf(step));
      }
    } catch (error) {
      const { files, folders } = await folder.read();
      await this.engine.put(files, folders, true);
      this.set({ opened: await this.engine.ask("opened", {}) });
      await this.look();
      const kept = formersOf(steps.slice(0, done)).join("、");
      throw new Error((error as Error).message + (kept && `\n  前のものは ${kept} にあります。`));
    }
  }

  private async dataOf(step: Step): Promise<Uint8Array<ArrayBuffer>> {
    if (step.text !== null) return new TextEncoder().encode(step.text);
    const [data] = await this.engine.get([step.path]);
    return data!;
  }

  private async refuseStale(folder: Folder): Promise<void> {
    const changed = await folder.changedSince();
    if (changed.length)
      throw new Error(
        `フォルダーの中が、開いたあとに変わっています（${changed.slice(0, 5).join("、")}）。何も書いていません。\n` +
          "  直し方: 「開き直す」を押してから、もう一度行ってください。",
      );
  }
}

function typedCells(cells: Record<string, string>): [number, number, string][] {
  return Object.entries(cells).map(([at, text]) => {
    const [row, column] = at.split(" ").map(Number);
    return [row!, column!, text];
  });
}

function save(name: string, data: Uint8Array<ArrayBuffer>, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
