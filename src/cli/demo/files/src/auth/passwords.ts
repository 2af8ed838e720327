import argon2 from "argon2";

export const MINIMUM_LENGTH = 10;

export function isAcceptable(password: string): boolean {
  return password.length >= MINIMUM_LENGTH && /[0-9]/.test(password) && /[a-z]/i.test(password);
}

export async function hash(password: string): Promise<string> {
  return argon2.hash(password);
}

export async function matches(password: string, stored: string): Promise<boolean> {
  return argon2.verify(stored, password);
}
