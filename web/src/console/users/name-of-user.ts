import type { AdminUser } from "natter/client";

export const nameOfUser = ({ name, email, id }: AdminUser): string => name ?? email ?? id;
