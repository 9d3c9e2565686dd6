import { canComplete } from "../src/markdown/complete-text.ts";
import { Markdown } from "../src/markdown/markdown.tsx";
import { openStage } from "./stage.tsx";

await canComplete;
openStage(Markdown);
