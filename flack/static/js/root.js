// Where the application is mounted. The page's own address does not tell: it may lack the slash.

export const root = new URL("../..", import.meta.url);
