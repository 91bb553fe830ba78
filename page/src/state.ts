/// One state: what is open, what was answered, which view is looked at. The views are functions of it.
import type { Amounts, Checked, Engine, Opened, Place, Problem, Shown, Story, Written } from "./engine";
import { Refused } from "./engine";
import type { Folder } from "./folder";
import { SampleFolder } from "./folder";

export const VIEWS = ["調べる", "金額", "なぜ", "書き出す", "この道具について"] as const;
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
}

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
      this.set({ folder, opened, year: opened.years[0]?.code ?? "", written: null, place: null });
      if (this.state.year) await this.look();
    });
  }

  choose(year: string): Promise<void> {
    this.set({ year, written: null });
    return this.doing("計算しています", () => this.look());
  }

  /// Everything that follows from the files and the year.
  private async look(): Promise<void> {
    const { year } = this.state;
    const checked = await this.engine.ask("checked", { year });
    this.set({ checked, amounts: null, refused: null, story: null });
    try {
      this.set({ amounts: await this.engine.ask("amounts", { year }) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.set({ refused: { words: error.message, problems: error.problems } });
    }
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
      if (folder!.inPlace) await this.place(folder!, written);
      else save(`${year}.zip`, await this.engine.packed(year));
      this.set({ written });
    });
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
          "  直し方: 「開き直す」を押してから、もう一度書き出してください。",
      );
  }
}

function save(name: string, data: Uint8Array<ArrayBuffer>): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data], { type: "application/zip" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
