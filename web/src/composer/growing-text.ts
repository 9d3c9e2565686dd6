/** A box that is as high as what stands in it. */
export const growingText =
  "block w-full resize-none bg-transparent field-sizing-content leading-normal outline-none wrap-anywhere";

/** The same where the browser can't do it by itself. */
export const grow = (box: HTMLTextAreaElement): void => {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
};
