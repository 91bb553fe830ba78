/// The list of views. A view is a file with a component, and a line here.
import type { ComponentType } from "preact";
import { About } from "./about";
import { Amounts } from "./amounts";
import { Checks, errors } from "./checks";
import { Output } from "./output";
import { Rules } from "./rules";
import type { Store } from "./state";
import { Why } from "./why";

export interface Props {
  store: Store;
}

export interface View {
  name: string;
  show: ComponentType<Props>;
  /// What is told beside the name, if it is not 0.
  count?: (store: Store) => number;
}

export const VIEWS: readonly View[] = [
  { name: "調べる", show: Checks, count: errors },
  { name: "規則", show: Rules },
  { name: "金額", show: Amounts },
  { name: "なぜ", show: Why },
  { name: "書き出す", show: Output },
  { name: "この道具について", show: About },
];
