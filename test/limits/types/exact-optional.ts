export const value: { readonly name?: string } = { name: undefined };
