// This page's own word, made anew whenever it is loaded: one of all tabs and computers of a person has the telephone.
export const THIS_PAGE = crypto.randomUUID().replaceAll("-", "");
