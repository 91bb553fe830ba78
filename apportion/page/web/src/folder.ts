/// The council's folder: one that is read and written in place, or one that is only read.

import type { Step } from "./engine";

export interface Folder {
  name: string;
  /// Whether results can be written into it; if not, they come as a zip.
  inPlace: boolean;
  read(): Promise<{ files: [string, Uint8Array][]; folders: string[] }>;
  /// Files that are others than when the folder was read.
  changedSince(): Promise<string[]>;
  write(path: string, data: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(path: string): Promise<void>;
}

const ROOMS = ["rules", "members", "outputs"];
const HISTORY = "履歴";

/// Only what the program reads: not what lies beside it, nor the folders of another writer's stage.
function isOurs(path: string): boolean {
  const parts = path.split("/");
  return ROOMS.includes(parts[0] ?? "") && !parts.some((part) => part.startsWith(".作成中-"));
}

/// `outputs/履歴/r7/3` for a file there: its number counts, its content is not looked at.
function historyOf(path: string): string | null {
  const parts = path.split("/");
  const at = parts.indexOf(HISTORY);
  return parts[0] === "outputs" && at >= 0 ? parts.slice(0, at + 3).join("/") : null;
}

/// The files that steps write.
export function filesOf(steps: Step[]): string[] {
  return [...new Set(steps.filter((step) => !step.gone).map((step) => step.path))];
}

/// The folders of former files that steps write into.
export function formersOf(steps: Step[]): string[] {
  const folders = filesOf(steps).map((path) => /^.*?履歴(?=\/)/.exec(path)?.[0]);
  return [...new Set(folders.filter((one) => one !== undefined))];
}

function stamp(file: File): string {
  return `${file.lastModified} ${file.size}`;
}

export class WritableFolder implements Folder {
  readonly inPlace = true;
  private stamps = new Map<string, string>();

  constructor(private readonly root: FileSystemDirectoryHandle) {}

  get name(): string {
    return this.root.name;
  }

  async read(): Promise<{ files: [string, Uint8Array][]; folders: string[] }> {
    const files: [string, Uint8Array][] = [];
    const folders = new Set<string>();
    this.stamps = new Map();
    for await (const [path, handle] of this.walk(this.root, "")) {
      const kept = historyOf(path);
      if (kept) {
        folders.add(kept);
        continue;
      }
      const file = await handle.getFile();
      this.stamps.set(path, stamp(file));
      files.push([path, new Uint8Array(await file.arrayBuffer())]);
    }
    return { files, folders: [...folders] };
  }

  async changedSince(): Promise<string[]> {
    const now = new Map<string, string>();
    for await (const [path, handle] of this.walk(this.root, ""))
      if (!historyOf(path)) now.set(path, stamp(await handle.getFile()));
    const all = new Set([...now.keys(), ...this.stamps.keys()]);
    return [...all].filter((path) => now.get(path) !== this.stamps.get(path)).sort();
  }

  /// A browser writes beside the file and puts it in its place when it is closed.
  async write(path: string, data: Uint8Array<ArrayBuffer>): Promise<void> {
    const handle = await this.put(path, data).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(
        `${path} に書けませんでした（${why}）。\n` +
          "  直し方: ファイルをほかのソフトで開いていれば閉じ、ディスクの空きを確かめて、もう一度行ってください。",
      );
    });
    if (!historyOf(path)) this.stamps.set(path, stamp(await handle.getFile()));
  }

  async remove(path: string): Promise<void> {
    await (await this.folderOf(path)).removeEntry(nameOf(path));
    this.stamps.delete(path);
  }

  private async put(path: string, data: Uint8Array<ArrayBuffer>): Promise<FileSystemFileHandle> {
    const folder = await this.folderOf(path);
    const handle = await folder.getFileHandle(nameOf(path), { create: true });
    const stream = await handle.createWritable();
    await stream.write(data);
    await stream.close();
    return handle;
  }

  private async folderOf(path: string): Promise<FileSystemDirectoryHandle> {
    let folder = this.root;
    for (const part of path.split("/").slice(0, -1))
      folder = await folder.getDirectoryHandle(part, { create: true });
    return folder;
  }

  private async *walk(
    folder: FileSystemDirectoryHandle,
    above: string,
  ): AsyncGenerator<[string, FileSystemFileHandle]> {
    for await (const [name, handle] of folder.entries()) {
      const path = above + name;
      if (!isOurs(path)) continue;
      if (handle.kind === "file") yield [path, handle as FileSystemFileHandle];
      else yield* this.walk(handle as FileSystemDirectoryHandle, `${path}/`);
    }
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

abstract class ReadOnlyFolder implements Folder {
  readonly inPlace = false;
  abstract readonly name: string;
  abstract read(): Promise<{ files: [string, Uint8Array][]; folders: string[] }>;

  async changedSince(): Promise<string[]> {
    return [];
  }

  write(): Promise<void> {
    return Promise.reject(new Error("read only"));
  }

  remove(): Promise<void> {
    return Promise.reject(new Error("read only"));
  }
}

/// What `<input webkitdirectory>` gives.
export class ListedFolder extends ReadOnlyFolder {
  readonly name: string;

  constructor(private readonly listed: File[]) {
    super();
    this.name = listed[0]?.webkitRelativePath.split("/")[0] ?? "";
  }

  async read(): Promise<{ files: [string, Uint8Array][]; folders: string[] }> {
    const files: [string, Uint8Array][] = [];
    const folders = new Set<string>();
    for (const file of this.listed) {
      const path = file.webkitRelativePath.split("/").slice(1).join("/").normalize("NFC");
      const kept = historyOf(path);
      if (!isOurs(path)) continue;
      if (kept) folders.add(kept);
      else files.push([path, new Uint8Array(await file.arrayBuffer())]);
    }
    return { files, folders: [...folders] };
  }
}

/// A folder in one zip: the engine unpacks it.
export class ZippedFolder extends ReadOnlyFolder {
  readonly name: string;

  constructor(readonly file: File) {
    super();
    this.name = file.name;
  }

  async read(): Promise<{ files: [string, Uint8Array][]; folders: string[] }> {
    return { files: [], folders: [] };
  }
}

/// A council that is inside the page; the engine has its files already.
export class SampleFolder extends ReadOnlyFolder {
  constructor(
    readonly name: string,
    readonly inside: "sample" | "towns",
  ) {
    super();
  }

  async read(): Promise<{ files: [string, Uint8Array][]; folders: string[] }> {
    return { files: [], folders: [] };
  }
}

const KEPT = "folder";

/// What the browser keeps of the page: the folder that was opened last, and nothing of what is in it.
function kept<T>(mode: IDBTransactionMode, work: (own: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("負担金計算", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(KEPT);
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
      try {
        const request = work(asked.result.transaction(KEPT, mode).objectStore(KEPT));
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      } catch (error) {
        failed(error); // what cannot be kept is refused at once
      }
    };
  });
}

/// Where a browser keeps nothing, the folder is chosen anew each time: nothing else is lost.
export async function remember(handle: FileSystemDirectoryHandle): Promise<void> {
  await kept("readwrite", (own) => own.put(handle, KEPT)).catch(() => undefined);
}

export async function remembered(): Promise<FileSystemDirectoryHandle | null> {
  return (await kept("readonly", (own) => own.get(KEPT)).catch(() => null)) ?? null;
}
