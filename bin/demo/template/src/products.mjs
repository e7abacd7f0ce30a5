export const products = [
  { id: 'table', name: 'Oak table', cents: 64900, shape: 'M10 40h80v8H10zM18 48h6v36h-6zM76 48h6v36h-6z' },
  { id: 'lamp', name: 'Brass lamp', cents: 8900, shape: 'M34 14h32l10 34H24zM47 48h6v32h-6zM32 80h36v6H32z' },
  {
    id: 'shelf',
    name: 'Birch shelf',
    cents: 21900,
    shape: 'M20 12h60v6H20zM20 36h60v6H20zM20 60h60v6H20zM20 12h5v76h-5zM75 12h5v76h-5z',
  },
  {
    id: 'stool',
    name: 'Stool',
    cents: 5900,
    shape: 'M24 36h52v9H24zM30 45h6l-5 41h-6zM64 45h6l5 41h-6zM32 64h36v5H32z',
  },
];
