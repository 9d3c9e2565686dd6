/** Words of the command dialog. */
export const commandTexts = {
  title: "Search conversations and commands",
  placeholder: "Search messages and titles, or what to do",
  commands: "Commands",
  conversations: "Conversations",
  messages: "Messages",
  nothing: "Nothing says that.",
  searching: "Searching…",
  settings: "Settings",
  members: "Members",
  keys: "API keys",
  shortcuts: "Keyboard shortcuts",
  newConversation: "New conversation",
  showSidebar: "Show or hide the sidebar",
  darkTheme: "Use the dark theme",
  lightTheme: "Use the light theme",
  systemTheme: "Use the system's theme",
};
