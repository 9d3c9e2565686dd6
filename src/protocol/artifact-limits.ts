/** What one artifact and one conversation may hold. */
export const artifactLimits = { characters: 262_144, title: 200, perConversation: 100, versions: 500 };
