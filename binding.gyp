{
  # node-gyp and prebuildify come here; CMake, behind cmake-js, does the work. Not published: its presence in a
  # package would make package managers compile.
  "targets": [
    {
      "target_name": "florigen",
      "type": "none",
      "actions": [
        {
          "action_name": "cmake",
          "inputs": ["scripts/build-native.cjs"],
          "outputs": ["build/Release/florigen.node"],
          "action": ["node", "scripts/build-native.cjs"]
        }
      ]
    }
  ]
}
