const isApple = /mac|iphone|ipad/i.test(navigator.userAgent);
const names: Readonly<Record<string, string>> = isApple
  ? { mod: "⌘", shift: "⇧", alt: "⌥" }
  : { mod: "Ctrl+", shift: "⇧", alt: "Alt+" };

/** Keys as they stand on this device's keyboard, of `mod+shift+o`. */
const keysText = (keys: string): string =>
  keys
    .split("+")
    .map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join("");

/** Keys to press, in small. */
export const Keys = ({ keys, className = "" }: { readonly keys: string; readonly className?: string }) => (
  <kbd className={`font-sans text-11 leading-none font-medium whitespace-nowrap text-text-3 ${className}`}>
    {keysText(keys)}
  </kbd>
);
