/// One state: what is open, what was answered, which view is looked at. The views are functions of it.
import type { Acts, Changes, Engine, Files, Opened, Place, Problem, Questions, RuleText, Shown } from "./engine";
import { Refused } from "./engine";
import type { Folder } from "./folder";
import { SampleFolder } from "./folder";

/// What a question was answered with. While it is asked anew, the answer before it stays, not `fresh`.
export interface Answer<Value> {
  value: Value | null;
  /// Why there is no value.
  refused: { words: string; problems: Problem[] } | null;
  fresh: boolean;
}

export interface State {
  engine: Engine | null;
  busy: string;
  /// What could not be done, in words.
  trouble: string;
  folder: Folder | null;
  opened: Opened | null;
  year: string;
  /// Name of a view of the list in views.ts.
  view: string;
  place: { at: Place; shown: Shown } | null;
  /// Rule texts as they are saved, and those that are typed and not saved.
  texts: RuleText[];
  drafts: Readonly<Record<string, string>>;
  answers: Readonly<Record<string, Answer<unknown>>>;
  /// What each view keeps of its own, by its name: see `Slice`.
  kept: Readonly<Record<string, unknown>>;
}

/// Milliseconds without a keystroke before anything is computed.
const PAUSE = 120;

const FIRST: State = {
  engine: null,
  busy: "",
  trouble: "",
  folder: null,
  opened: null,
  year: "",
  view: "調べる",
  place: null,
  texts: [],
  drafts: {},
  answers: {},
  kept: {},
};

const COMPUTING = "計算しています";

const NONE: Answer<never> = { value: null, refused: null, fresh: false };

/// What one view keeps in the state: `const own = new Slice("金額", { sought: "" })`, once in its module.
export class Slice<Own extends object> {
  constructor(
    private readonly name: string,
    private readonly first: Own,
  ) {}

  of(store: Store): Own {
    return (store.state.kept[this.name] as Own | undefined) ?? this.first;
  }

  set(store: Store, change: Partial<Own>): void {
    const own = { ...this.of(store), ...change };
    store.set({ kept: { ...store.state.kept, [this.name]: own } });
  }
}

export class Store {
  state = FIRST;
  /// Questions that are being asked, and those that were overtaken by a change of files.
  private asking = new Set<string>();
  private typing = 0;

  constructor(private readonly draw: (store: Store) => void) {}

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.draw(this);
  }

  get engine(): Engine {
    return this.state.engine!;
  }

  get draft(): boolean {
    return Object.keys(this.state.drafts).length > 0;
  }

  /// Do what takes time: what is done is told while it lasts, and so is what failed.
  async doing(words: string, work: () => Promise<void>): Promise<void> {
    this.set({ busy: words, trouble: "" });
    try {
      await work();
    } catch (error) {
      this.set({ trouble: error instanceof Error ? error.message : String(error) });
    } finally {
      this.set({ busy: this.asking.size ? COMPUTING : "" });
    }
  }

  /// Answer to a question, asked when a view first needs it and again when files have changed.
  answer<Name extends keyof Questions>(name: Name, facts: Questions[Name][0]): Answer<Questions[Name][1]> {
    const key = JSON.stringify([name, facts]);
    const known = this.state.answers[key] ?? NONE;
    if (!known.fresh && !this.asking.has(key)) {
      this.asking.add(key);
      queueMicrotask(() => void this.fetch(key, name, facts));
    }
    return known as Answer<Questions[Name][1]>;
  }

  private async fetch<Name extends keyof Questions>(
    key: string,
    name: Name,
    facts: Questions[Name][0],
  ): Promise<void> {
    if (!this.state.busy) this.set({ busy: COMPUTING });
    const files = this.files;
    let found: Answer<unknown> = NONE;
    try {
      found = { value: await this.engine.ask(name, facts), refused: null, fresh: true };
    } catch (error) {
      const problems = error instanceof Refused ? error.problems : [];
      found = { value: null, refused: { words: (error as Error).message, problems }, fresh: true };
    }
    this.asking.delete(key);
    const answers = { ...this.state.answers, [key]: { ...found, fresh: files === this.files } };
    const done = this.state.busy === COMPUTING && !this.asking.size;
    this.set(done ? { answers, busy: "" } : { answers });
  }

  /// Counts the changes of files: an answer about former files is not fresh.
  private files = 0;

  /// Files are others than before: what was answered is asked again where it is looked at.
  private stale(): Record<string, Answer<unknown>> {
    this.files += 1;
    return Object.fromEntries(
      Object.entries(this.state.answers).map(([key, answer]) => [key, { ...answer, fresh: false }]),
    );
  }

  /// Read a folder; its newest year is looked at first.
  open(folder: Folder): Promise<void> {
    return this.doing(`「${folder.name}」を読んでいます`, async () => {
      const other = folder !== this.state.folder;
      await this.read(folder);
      this.set(other ? { kept: {}, place: null } : { place: null });
    });
  }

  private async read(folder: Folder): Promise<void> {
    if (folder instanceof SampleFolder) await this.engine.sample();
    else {
      const { files, folders } = await folder.read();
      await this.engine.fill(files, folders);
    }
    await this.look(folder);
  }

  /// What follows from the saved files of a folder.
  private async look(folder: Folder): Promise<void> {
    const opened = await this.engine.ask("opened", {});
    const codes = opened.years.map((one) => one.code);
    const year = codes.includes(this.state.year) ? this.state.year : (codes[0] ?? "");
    const texts = year ? (await this.engine.ask("texts", { year })).files : [];
    this.set({ folder, opened, year, texts, drafts: {}, answers: this.stale() });
  }

  choose(year: string): Promise<void> {
    return this.doing(COMPUTING, async () => {
      const { files } = await this.engine.ask("texts", { year });
      this.set({ year, texts: files, place: null });
    });
  }

  /// A rule text is being typed: problems and amounts follow; what was overtaken is not computed.
  async type(file: string, text: string): Promise<void> {
    const turn = ++this.typing;
    const saved = this.state.texts.find((one) => one.file === file)?.text;
    const { [file]: _, ...others } = this.state.drafts;
    this.set({ drafts: saved === text ? others : { ...others, [file]: text } });
    await new Promise((done) => setTimeout(done, PAUSE));
    if (turn !== this.typing) return;
    await this.doing(COMPUTING, async () => {
      await this.engine.put([[file, await this.engine.make("typed", { file, text })]], true);
      this.set({ answers: this.stale() });
    });
  }

  /// Save the typed texts; into the folder, or as files that are handed over.
  saveTexts(): Promise<void> {
    return this.doing("規則を保存しています", async () => {
      const made = Object.entries(this.state.drafts).map(
        async ([file, text]) => [file, await this.engine.make("typed", { file, text })] as const,
      );
      await this.keep(await Promise.all(made));
    });
  }

  /// Write files that are made into the folder, or hand them over; afterwards they are the saved ones.
  async keep(made: (readonly [string, Uint8Array<ArrayBuffer>])[]): Promise<void> {
    const folder = this.state.folder!;
    await this.refuseStale(folder);
    for (const [path, data] of made)
      if (folder.inPlace) await folder.write(path, data);
      else handOver(path.slice(path.lastIndexOf("/") + 1), data, "application/octet-stream");
    await this.engine.put(made.map(([path, data]) => [path, data]), false);
    await this.look(folder);
  }

  /// Do it below Python, then write file by file, in the order in which nothing is lost if it is cut short.
  async carryOut<Name extends keyof Acts>(name: Name, facts: Acts[Name][0]): Promise<Acts[Name][1]> {
    const folder = this.state.folder!;
    await this.refuseStale(folder);
    const changes = await this.engine.ask(name, facts);
    if (folder.inPlace) await this.placed(folder, changes);
    await this.look(folder);
    return changes;
  }

  /// A file that Python makes, handed over.
  async hand<Name extends keyof Files>(as: string, name: Name, facts: Files[Name]): Promise<void> {
    handOver(as, await this.engine.make(name, facts), "application/octet-stream");
  }

  show(at: Place): Promise<void> {
    return this.doing("開いています", async () => {
      this.set({ place: { at, shown: await this.engine.ask("shown", { file: at.file }) } });
    });
  }

  /// Where writing fails, what stands in the folder is read again: nothing else is believed.
  private async placed(folder: Folder, changes: Changes): Promise<void> {
    try {
      await this.place(folder, changes);
    } catch (error) {
      await this.read(folder);
      throw new Error(`${(error as Error).message}\n  前の出力は outputs/履歴 にあります。`);
    }
  }

  private async place(folder: Folder, changes: Changes): Promise<void> {
    const all = changes.kept.length + changes.record.length + changes.files.length;
    let done = 0;
    const put = async (paths: string[]): Promise<void> => {
      for (const path of paths) {
        const [data] = await this.engine.get([path]);
        await folder.write(path, data!);
        this.set({ busy: `フォルダーに書いています（${++done} / ${all} ファイル）` });
      }
    };
    await put(changes.kept);
    for (const path of changes.gone) await folder.remove(path);
    await put(changes.record);
    await put(changes.files);
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

function handOver(name: string, data: Uint8Array<ArrayBuffer>, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
