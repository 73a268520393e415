// The part of MJML we use; it comes without types.
declare module 'mjml' {
  type MjmlError = { line: number; message: string; tagName: string };
  type MjmlOptions = {
    fonts: Record<string, string>;
    validationLevel: 'strict' | 'soft' | 'skip';
    ignoreIncludes: boolean;
    useMjmlConfigOptions: boolean;
  };
  function mjml2html(source: string, options: MjmlOptions): Promise<{ html: string; errors: MjmlError[] }>;
  export = mjml2html;
}
