import { Streamdown } from "streamdown";
import { openStage } from "./stage.tsx";

openStage(({ text, isStreaming }) => <Streamdown isAnimating={isStreaming}>{text}</Streamdown>);
