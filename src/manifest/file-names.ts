export const workspaceFile = 'arc.yaml';
export const profilesFile = 'services/profiles.yaml';
