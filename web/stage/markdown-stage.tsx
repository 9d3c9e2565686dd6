import { Markdown } from "../src/markdown/markdown.tsx";
import { openStage } from "./stage.tsx";

openStage(Markdown);
