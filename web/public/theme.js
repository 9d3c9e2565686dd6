// Runs before the first paint, and so that no light page flashes in the dark. The app takes over from here.
const theme = (() => {
  try {
    return JSON.parse(localStorage.getItem("natter.preferences") ?? "{}").theme;
  } catch {
    return null;
  }
})();
const isDark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.dataset.theme = isDark ? "dark" : "light";
