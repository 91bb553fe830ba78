/// One state: what is open, what was answered, which view is looked at. The views are functions of it.
import type { Amounts, Checked, Engine, Opened, Place, Problem, RuleText, Shown, Story, Written } from "./engine";
import { Refused } from "./engine";
import type { Folder } from "./folder";
import { SampleFolder } from "./folder";

export const VIEWS = ["調べる", "規則", "金額", "なぜ", "書き出す", "この道具について"] as const;
export type View = (typeof VIEWS)[number];

export interface State {
  engine: Engine | null;
  busy: string;
  /// What could not be done, in words.
  trouble: string;
  folder: Folder | null;
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
    this.set({ busy: words, trouble: "" });
    try {
      await work();
    } catch (error) {
      this.set({ trouble: error instanceof Error ? error.message : String(error) });
    } finally {
      this.set({ busy: "" });
    }
  }

  private get engine(): Engine {
    return this.state.engine!;
  }

  /// Read a folder; its newest year is looked at first.
  open(folder: Folder): Promise<void> {
    return this.doing(`「${folder.name}」を読んでいます`, async () => {
      if (folder instanceof SampleFolder) await this.engine.sample();
      else {
        const { files, folders } = await folder.read();
        await this.engine.put(files, folders, true);
      }
      const opened = await this.engine.ask("opened", {});
      const year = opened.years.some((one) => one.code === this.state.year)
        ? this.state.year
        : (opened.years[0]?.code ?? "");
      this.set({ folder, opened, year, written: null, place: null, drafts: {} });
      if (year) await this.look();
    });
  }

  choose(year: string): Promise<void> {
    this.set({ year, written: null });
    return this.doing("計算しています", () => this.look());
  }

  get draft(): boolean {
    return Object.keys(this.state.drafts).length > 0;
  }

  /// Everything that follows from the files and the year.
  private async look(): Promise<void> {
    const { files } = await this.engine.ask("texts", { year: this.state.year });
    const text = files.some((one) => one.file === this.state.text) ? this.state.text : "";
    this.set({ texts: files, text: text || (files[0]?.file ?? "") });
    await this.compute();
  }

  private async compute(): Promise<void> {
    const { year } = this.state;
    const checked = await this.engine.ask("checked", { year });
    this.set({ checked });
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

  /// Save the typed texts; into the folder, or as files that are handed over.
  saveTexts(): Promise<void> {
    return this.doing("規則を保存しています", async () => {
      const { folder, drafts } = this.state;
      await this.refuseStale(folder!);
      for (const file of Object.keys(drafts)) {
        await this.engine.type(file, drafts[file]!);
        const [data] = await this.engine.get([file]);
        if (folder!.inPlace) await folder!.write(file, data!);
        else save(file.slice(file.lastIndexOf("/") + 1), data!, "text/plain");
      }
      this.set({ drafts: {} });
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
      if (folder!.inPlace) await this.placed(folder!, written);
      else save(`${year}.zip`, await this.engine.packed(year), "application/zip");
      this.set({ written });
    });
  }

  /// Where writing fails, what stands in the folder is read again: nothing else is believed.
  private async placed(folder: Folder, written: Written): Promise<void> {
    try {
      await this.place(folder, written);
    } catch (error) {
      const { files, folders } = await folder.read();
      await this.engine.put(files, folders, true);
      this.set({ opened: await this.engine.ask("opened", {}) });
      await this.look();
      throw new Error(`${(error as Error).message}\n  前の出力は outputs/履歴 にあります。`);
    }
  }

  private async place(folder: Folder, written: Written): Promise<void> {
    const all = written.kept.length + written.record.length + written.files.length;
    let done = 0;
    const put = async (paths: string[]): Promise<void> => {
      for (const path of paths) {
        const [data] = await this.engine.get([path]);
        await folder.write(path, data!);
        this.set({ busy: `フォルダーに書いています（${++done} / ${all} ファイル）` });
      }
    };
    await put(written.kept);
    for (const path of written.gone) await folder.remove(path);
    await put(written.record);
    await put(written.files);
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

function save(name: string, data: Uint8Array<ArrayBuffer>, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
