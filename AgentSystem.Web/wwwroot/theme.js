// Runs before the first paint: chooses the palette by an attribute of the root element.
(() => {
  const storageKey = 'agentsystem.theme';
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const chosen = () => {
    const value = localStorage.getItem(storageKey);
    return value === 'light' || value === 'dark' ? value : 'system';
  };
  const apply = () => {
    const choice = chosen();
    const theme = choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice;
    document.documentElement.dataset.theme = theme;
    document.documentElement.style.colorScheme = theme;
  };
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);
  apply();

  window.agentsystem = {
    theme: chosen,
    chooseTheme: name => {
      name === 'system' ? localStorage.removeItem(storageKey) : localStorage.setItem(storageKey, name);
      apply();
    },
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? null,
  };
})();
