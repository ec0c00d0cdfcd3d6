export const helper = 1
export const other = 2
