"""The requests of spreadsheets.batchUpdate:
https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/request.
"""

REQUESTS = """
Request: addSheet AddSheet, deleteSheet DeleteSheet, duplicateSheet DuplicateSheet, \
updateSpreadsheetProperties UpdateSpreadsheetProperties, updateSheetProperties UpdateSheetProperties, \
insertDimension InsertDimension, deleteDimension DeleteDimension, moveDimension MoveDimension, \
appendDimension AppendDimension, updateDimensionProperties UpdateDimensionProperties, \
autoResizeDimensions AutoResizeDimensions, appendCells AppendCells, updateCells UpdateCells, \
repeatCell RepeatCell, sortRange SortRange, findReplace FindReplace, cutPaste CutPaste, copyPaste CopyPaste, \
pasteData PasteData, setDataValidation SetDataValidation, addProtectedRange AddProtectedRange, \
updateProtectedRange UpdateProtectedRange, deleteProtectedRange DeleteProtectedRange, \
addConditionalFormatRule AddConditionalFormatRule, updateConditionalFormatRule UpdateConditionalFormatRule, \
deleteConditionalFormatRule DeleteConditionalFormatRule, setBasicFilter SetBasicFilter, \
clearBasicFilter ClearBasicFilter, mergeCells MergeCells, unmergeCells UnmergeCells, updateBorders UpdateBorders, \
addNamedRange AddNamedRange, updateNamedRange UpdateNamedRange, deleteNamedRange DeleteNamedRange, \
addBanding AddBanding, updateBanding UpdateBanding, deleteBanding DeleteBanding, autoFill *, insertRange *, \
deleteRange *, textToColumns *, addFilterView *, updateFilterView *, deleteFilterView *, duplicateFilterView *, \
addChart *, updateChartSpec *, updateEmbeddedObjectPosition *, updateEmbeddedObjectBorder *, \
deleteEmbeddedObject *, createDeveloperMetadata CreateDeveloperMetadata, \
updateDeveloperMetadata UpdateDeveloperMetadata, deleteDeveloperMetadata DeleteDeveloperMetadata, \
randomizeRange *, addDimensionGroup *, updateDimensionGroup *, deleteDimensionGroup *, trimWhitespace *, \
deleteDuplicates *, addSlicer *, updateSlicerSpec *, addDataSource *, updateDataSource *, deleteDataSource *, \
refreshDataSource *, cancelDataSourceRefresh *, addTable *, updateTable *, deleteTable *
CreateDeveloperMetadata: developerMetadata DeveloperMetadata
UpdateDeveloperMetadata: dataFilters [DataFilter], developerMetadata DeveloperMetadata, fields s
DeleteDeveloperMetadata: dataFilter DataFilter
AddSheet: properties SheetProperties
DeleteSheet: sheetId i
DuplicateSheet: sourceSheetId i, insertSheetIndex i, newSheetId i, newSheetName s
UpdateSpreadsheetProperties: properties SpreadsheetProperties, fields s
UpdateSheetProperties: properties SheetProperties, fields s
InsertDimension: range DimensionRange, inheritFromBefore b
DeleteDimension: range DimensionRange
MoveDimension: source DimensionRange, destinationIndex i
AppendDimension: sheetId i, dimension Dimension, length i, tableId s
UpdateDimensionProperties: range DimensionRange, dataSourceSheetRange *, properties DimensionProperties, fields s
AutoResizeDimensions: dimensions DimensionRange, dataSourceSheetDimensions *
AppendCells: sheetId i, rows [RowData], fields s, tableId s
UpdateCells: rows [RowData], fields s, start GridCoordinate, range GridRange
RepeatCell: range GridRange, cell CellData, fields s
SortRange: range GridRange, sortSpecs [SortSpec]
FindReplace: find s, replacement s, matchCase b, matchEntireCell b, searchByRegex b, includeFormulas b, \
range GridRange, sheetId i, allSheets b
CutPaste: source GridRange, destination GridCoordinate, pasteType PasteType
CopyPaste: source GridRange, destination GridRange, pasteType PasteType, pasteOrientation PasteOrientation
PasteData: coordinate GridCoordinate, data s, type PasteType, delimiter s, html b
SetDataValidation: range GridRange, rule DataValidationRule, filteredRowsIncluded b
AddProtectedRange: protectedRange ProtectedRange
UpdateProtectedRange: protectedRange ProtectedRange, fields s
DeleteProtectedRange: protectedRangeId i
AddConditionalFormatRule: rule ConditionalFormatRule, index i
UpdateConditionalFormatRule: index i, sheetId i, rule ConditionalFormatRule, newIndex i
DeleteConditionalFormatRule: index i, sheetId i
SetBasicFilter: filter BasicFilter
ClearBasicFilter: sheetId i
MergeCells: range GridRange, mergeType MergeType
UnmergeCells: range GridRange
UpdateBorders: range GridRange, top Border, bottom Border, left Border, right Border, innerHorizontal Border, \
innerVertical Border
AddNamedRange: namedRange NamedRange
UpdateNamedRange: namedRange NamedRange, fields s
DeleteNamedRange: namedRangeId s
AddBanding: bandedRange BandedRange
UpdateBanding: bandedRange BandedRange, fields s
DeleteBanding: bandedRangeId i
"""
