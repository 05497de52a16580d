/** Notes a problem at an offset of the file that is being read. */
export type Report = (code: string, offset: number, message: string, suggestion?: string) => void;
