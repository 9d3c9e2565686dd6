import { uiTexts } from "../ui-texts.ts";

const id = "overlays";

/** Where menus are drawn: a landmark, so that screen readers find nothing outside of one. */
export const OverlayPlace = () => <section id={id} aria-label={uiTexts.overlays} />;

export const findOverlayPlace = (): HTMLElement | null => document.getElementById(id);
