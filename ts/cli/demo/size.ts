/** Flowers of the species that a demo draws where nothing else is asked for; it draws as many hybrids. */
export const demoImages = 2000;
