/// What Edge and Chrome have and the list of TypeScript does not know.
interface Window {
  showDirectoryPicker?(options: {
    mode: "read" | "readwrite";
    id: string;
  }): Promise<FileSystemDirectoryHandle>;
}
interface FileSystemDirectoryHandle {
  requestPermission(how: { mode: "read" | "readwrite" }): Promise<PermissionState>;
}
