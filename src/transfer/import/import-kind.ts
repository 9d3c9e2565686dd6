/** The job that reads an uploaded file; its subject is the import. */
export const importKind = "import";
