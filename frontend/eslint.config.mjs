import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["dist/"] },
  js.configs.recommended,
  {
    files: ["src/**/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
    rules: {
      "complexity": ["error", 10],
      "eqeqeq": "error",
      "max-lines": ["error", 400],
      "max-params": ["error", 5],
      "no-console": "error",
      "no-restricted-properties": ["error", { property: "innerHTML", message: "Text from the server goes in as text." }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["test/**/*.js"], languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.node } },
  { files: ["*.mjs"], languageOptions: { globals: globals.node } },
];
